import type { State } from "../../state/state.ts";
import type { WireCheckoutSession } from "../../state/wire.ts";
import { buyerInputs, postedBuyer } from "../buyer_form.ts";
import { type Html, html } from "../html.ts";

/** What was sent last, and what is wrong with it; undefined for nothing. */
interface SentOrder {
  problem: string | undefined;
  body: unknown;
}

/** The forms beside the card: quantities, a promotion code, and who is billed. */
export function orderForms(
  state: State,
  session: WireCheckoutSession,
  { problem, body }: SentOrder,
): Html {
  const typed = new Map<string, unknown>(Object.entries(body ?? {}));
  const path = `/c/pay/${session.id}/order`;
  return html`${problem !== undefined && html`<p class="notice bad" role="alert">${problem}</p>`}
${quantities(state, session, path)}
${session.allow_promotion_codes === true && promotion(state, session, { path, typed: typed.get("code") })}
${asksBuyer(session) && buyer(state, session, { path, body })}`;
}

/** Whether a session asks for a billing address or a tax id. */
function asksBuyer(session: WireCheckoutSession): boolean {
  return asksAddress(session) || session.tax_id_collection?.enabled === true;
}

/** Whether a session cannot be paid without a billing address. */
export function asksAddress(session: WireCheckoutSession): boolean {
  return session.billing_address_collection === "required" || session.automatic_tax.enabled;
}

function quantities(state: State, session: WireCheckoutSession, path: string): Html[] {
  const items = state.checkoutDetails.get(session.id)?.lineItems ?? [];
  return items
    .filter((item) => item.adjustable_quantity?.enabled === true)
    .map(({ id, description, quantity, adjustable_quantity: range }) => {
      const [least, most] = [range?.minimum ?? 0, range?.maximum ?? 99];
      return html`<form method="post" action="${path}" class="fields">
<input type="hidden" name="form" value="quantity"><input type="hidden" name="item" value="${id}">
<div><label for="q-${id}">Quantity of ${description}</label>
<input id="q-${id}" name="quantity" type="number" min="${least}" max="${most}" value="${quantity}"
  required></div>
<div class="actions"><button class="quiet">Update quantity</button></div>
</form>`;
    });
}

function promotion(
  state: State,
  session: WireCheckoutSession,
  { path, typed }: { path: string; typed: unknown },
): Html {
  const redeemed = session.discounts?.[0]?.promotion_code;
  const code = state.promotionCodes.get(redeemed ?? "")?.code;
  return code === undefined
    ? html`<form method="post" action="${path}" class="fields">
<input type="hidden" name="form" value="promotion">
<div><label for="code">Promotion code</label>
<input id="code" name="code" autocomplete="off" value="${String(typed ?? "")}" required></div>
<div class="actions"><button class="quiet">Apply code</button></div>
</form>`
    : html`<form method="post" action="${path}" class="actions middle">
<input type="hidden" name="form" value="no_promotion">
<p><span class="badge good">${code}</span></p>
<button class="quiet">Remove code</button>
</form>`;
}

function buyer(
  state: State,
  session: WireCheckoutSession,
  { path, body }: { path: string; body: unknown },
): Html {
  const saved = state.checkoutDetails.get(session.id)?.buyer ?? null;
  const known = Object.hasOwn(body ?? {}, "country") ? postedBuyer(body) : saved;
  const customer = state.customers.get(session.customer ?? "");
  return html`<form method="post" action="${path}" class="fields" aria-label="Billing details">
<input type="hidden" name="form" value="buyer">
${buyerInputs({
  address: known?.address ?? customer?.address ?? null,
  taxId: known?.taxId ?? null,
  asksAddress: asksAddress(session) || session.tax_id_collection?.enabled === true,
  asksTaxId: session.tax_id_collection?.enabled === true,
})}
<div class="actions"><button class="quiet">Update billing details</button></div>
</form>`;
}
