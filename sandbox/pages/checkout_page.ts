import { formatInterval, formatMoney } from "../engine/money.ts";
import type { State } from "../state/state.ts";
import type { WireCheckoutSession, WireLineItem } from "../state/wire.ts";
import type { CardFields, FieldProblem } from "./card_form.ts";
import { cardInputs, problemNote, testCardList } from "./card_inputs.ts";
import { orderSummary } from "./checkout_summary.ts";
import { html } from "./html.ts";
import { messagePage, type Page } from "./layout.ts";

/** What the form shows besides the session. */
export interface CheckoutPageOptions {
  fields: CardFields;
  problems?: readonly FieldProblem[];
  status?: number;
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
  const title = `${session.mode === "subscription" ? "Subscribe to" : "Buy"} ${names}`;
  const trialDays = details?.trialDays ?? null;
  const form = { ...filledIn, email: session.customer_details?.email ?? null };
  const path = `/c/pay/${session.id}`;
  return {
    title: filledIn.problems ? `Problem: ${title}` : title,
    status,
    layout: "checkout",
    formTargets: [session.success_url],
    body: html`<section class="summary stack">
<h1>${title}</h1>
${orderSummary(session, items, trialDays)}
</section>
<section class="card" aria-label="Payment">
${problemNote(form)}
${testCardList(path, form)}
<form method="post" action="${path}" class="fields">
${cardInputs(form)}
<div class="actions tall">
<button>${buttonText(session, trialDays)}</button>
${
  session.cancel_url &&
  html`<a class="button quiet" href="${filled(session.cancel_url, session)}">Cancel</a>`
}
</div>
</form>
<p class="soft small">${termsText(session, items, trialDays)}</p>
</section>`,
  };
}

function buttonText(session: WireCheckoutSession, trialDays: number | null): string {
  if (trialDays !== null) {
    return "Start trial";
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
  const interval = items[0]?.price ? formatInterval(items[0].price) : "period";
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
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
