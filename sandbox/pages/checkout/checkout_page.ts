import { formatInterval, formatMoney } from "../../engine/money.ts";
import type { CheckoutDetails } from "../../state/checkout_details.ts";
import type { State } from "../../state/state.ts";
import type { WireCheckoutSession, WireLineItem } from "../../state/wire.ts";
import type { CardFields, FieldProblem } from "../card_form.ts";
import { cardInputs, emailInput, problemNote, testCardList } from "../card_inputs.ts";
import { html } from "../html.ts";
import { messagePage, type Page } from "../layout.ts";
import { asksAddress, orderForms } from "./checkout_order_forms.ts";
import { orderSummary } from "./checkout_summary.ts";

/** What the form shows besides the session. */
export interface CheckoutPageOptions {
  fields: CardFields;
  problems?: readonly FieldProblem[];
  status?: number;
  /** What is wrong with the forms beside the card. */
  orderProblem?: string | undefined;
  /** What was sent by the form that it is about. */
  order?: unknown;
}

/** The payment form of an open session: what is bought, and the card. */
export function checkoutPage(
  state: State,
  session: WireCheckoutSession,
  { status = 200, ...filledIn }: CheckoutPageOptions,
): Page {
  const details = state.checkoutDetails.get(session.id);
  const items = details?.lineItems ?? [];
  const names = items.map((item) => item.description ?? "Subscription").join(", ");
  const title = titleOf(session, names);
  const trialDays = trialDaysOf(session, details);
  const form = { ...filledIn, email: session.customer_details?.email ?? null };
  const path = `/c/pay/${session.id}`;
  return {
    title: filledIn.problems || filledIn.orderProblem ? `Problem: ${title}` : title,
    status,
    layout: "checkout",
    formTargets: [session.success_url],
    body: html`<section class="summary stack">
<h1>${title}</h1>
${
  session.mode === "setup"
    ? html`<p>Nothing is charged now. The card is saved for later payments.</p>`
    : orderSummary(session, items, trialDays)
}
</section>
<section class="card" aria-label="Payment">
${orderForms(state, session, { problem: filledIn.orderProblem, body: filledIn.order })}
${problemNote(form)}
${needsMethod(session) && testCardList(path, form)}
<form method="post" action="${path}" class="fields">
${needsMethod(session) ? cardInputs(form) : emailInput(form)}
${
  session.consent_collection?.terms_of_service === "required" &&
  html`<label class="check"><input type="checkbox" name="terms" value="yes" required>
I agree to the terms of service</label>`
}
<div class="actions tall">
<button>${buttonText(session, trialDays)}</button>
${
  session.cancel_url &&
  html`<a class="button quiet" href="${filled(session.cancel_url, session)}">Cancel</a>`
}
</div>
</form>
${session.mode !== "setup" && html`<p class="soft small">${termsText(session, items, trialDays)}</p>`}
</section>`,
  };
}

/** Whether a session takes a card: only `if_required` and nothing to pay does without. */
export function needsMethod({
  mode,
  payment_method_collection: collection,
  amount_total: total,
}: WireCheckoutSession): boolean {
  return mode === "setup" || collection === "always" || total !== 0;
}

/** What has to be said before a session can be paid; undefined for nothing. */
export function missingOf(
  state: State,
  session: WireCheckoutSession,
  body: unknown,
): string | undefined {
  const known = state.checkoutDetails.get(session.id)?.buyer?.address;
  const address = known ?? state.customers.get(session.customer ?? "")?.address;
  if (asksAddress(session) && !address?.country) {
    return "Give your billing address first: press “Update billing details”.";
  }
  const agreed = new Map<string, unknown>(Object.entries(body ?? {})).get("terms") === "yes";
  return session.consent_collection?.terms_of_service === "required" && !agreed
    ? "Agree to the terms of service."
    : undefined;
}

function titleOf({ mode }: WireCheckoutSession, names: string): string {
  switch (mode) {
    case "setup":
      return "Save a payment method";
    case "subscription":
      return `Subscribe to ${names}`;
    default:
      return `Buy ${names}`;
  }
}

/** The days of a trial, whole ones where its end is given. */
function trialDaysOf(
  { created }: WireCheckoutSession,
  details: CheckoutDetails | undefined,
): number | null {
  const { trialDays = null, trialEnd = null } = details ?? {};
  return trialEnd === null ? trialDays : Math.ceil((trialEnd - created) / 86_400);
}

function buttonText(session: WireCheckoutSession, trialDays: number | null): string {
  if (session.mode === "setup") {
    return "Save card";
  }
  if (trialDays !== null) {
    return "Start trial";
  }
  if (session.mode === "subscription" && session.amount_total === 0) {
    return "Subscribe";
  }
  const pay = `Pay ${amountOf(session)}`;
  return session.mode === "subscription" ? `${pay} and subscribe` : pay;
}

function termsText(
  { mode, currency }: WireCheckoutSession,
  items: readonly WireLineItem[],
  trialDays: number | null,
): string {
  if (mode !== "subscription") {
    return "You pay once. Nothing renews.";
  }
  const recurring = items.filter(({ price }) => price?.recurring);
  const interval = recurring[0]?.price ? formatInterval(recurring[0].price) : "period";
  const total = recurring.reduce((sum, item) => sum + item.amount_total, 0);
  const rate = `${formatMoney(total, currency ?? "usd")} per ${interval}`;
  return trialDays === null
    ? `The subscription renews every ${interval} until it is canceled.`
    : `The trial lasts ${trialDays} days from today. Then it costs ${rate} until it is canceled.`;
}

/** The page of a session that is over. */
export function closedPage(session: WireCheckoutSession, status: number): Page {
  return session.status === "complete"
    ? messagePage("Already paid", "This checkout is complete; nothing is left to pay.", {
        status,
        tone: "good",
        back: returnAddress(session),
      })
    : messagePage("Expired", "This checkout has expired. Start a new one from the site.", {
        status,
        tone: "warn",
        back: session.cancel_url === null ? null : filled(session.cancel_url, session),
      });
}

/** Where the customer goes after paying. */
export function returnAddress(session: WireCheckoutSession): string | null {
  return session.success_url === null ? null : filled(session.success_url, session);
}

/** The session's total as people read it. */
export function amountOf(session: WireCheckoutSession): string {
  return formatMoney(session.amount_total ?? 0, session.currency ?? "usd");
}

function filled(address: string, session: WireCheckoutSession): string {
  return address.replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}
