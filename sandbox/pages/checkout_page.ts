import { formatInterval, formatMoney } from "../engine/money.ts";
import type { State } from "../state/state.ts";
import type { WireCheckoutSession, WireLineItem } from "../state/wire.ts";
import { type CardFields, cardInputs, problemNote, testCardList } from "./card_form.ts";
import { type Html, html } from "./html.ts";
import { messagePage, type Page } from "./layout.ts";

/** What the form shows besides the session. */
export interface CheckoutPageOptions {
  fields: CardFields;
  problem?: string;
  status?: number;
}

/** The payment form of an open session. */
export function checkoutPage(
  state: State,
  session: WireCheckoutSession,
  options: CheckoutPageOptions,
): Page {
  const details = state.checkoutDetails.get(session.id);
  const items = details?.lineItems ?? [];
  const subscribes = session.mode === "subscription";
  const names = items.map((item) => item.description ?? "Subscription").join(", ");
  const title = `${subscribes ? "Subscribe to" : "Buy"} ${names}`;
  const interval = items[0]?.price ? formatInterval(items[0].price) : "once";
  const email = session.customer_details?.email ?? null;
  const rate = items.reduce((sum, item) => sum + item.amount_total, 0);
  const trialDays = details?.trialDays ?? null;
  return {
    title,
    status: options.status ?? 200,
    formTargets: [session.success_url],
    body: html`<h1>${title}</h1>
<p class="price">${formatMoney(rate, session.currency ?? "usd")}
<span class="soft">${subscribes ? `per ${interval}` : "once"}</span></p>
${trialDays !== null && html`<p>${trialDays} days free, then the price above.</p>`}
${items.length > 1 && lineList(items)}
${taxLine(session)}
${problemNote(options.problem)}
<form method="post" action="/c/pay/${session.id}">
${cardInputs(options.fields, email)}
<button>${buttonText(session, trialDays)}</button>
${
  session.cancel_url &&
  html`<a class="button quiet" href="${filled(session.cancel_url, session)}">Cancel</a>`
}
</form>
${testCardList()}`,
  };
}

function buttonText(session: WireCheckoutSession, trialDays: number | null): string {
  if (trialDays !== null) {
    return "Start trial";
  }
  const pay = `Pay ${amountOf(session)}`;
  return session.mode === "subscription" ? `${pay} and subscribe` : pay;
}

/** The page of a session that is over. */
export function closedPage(session: WireCheckoutSession, status: number): Page {
  return session.status === "complete"
    ? messagePage("Already paid", "This checkout is complete; nothing is left to pay.", {
        status,
        back: returnAddress(session),
      })
    : messagePage("Expired", "This checkout has expired. Start a new one from the site.", {
        status,
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

function lineList(items: WireLineItem[]): Html {
  return html`<ul>${items.map(
    (item) => html`<li>${item.quantity} × ${item.description}:
${formatMoney(item.amount_total, item.currency)}</li>`,
  )}</ul>`;
}

function taxLine(session: WireCheckoutSession): Html | undefined {
  const tax = session.total_details?.amount_tax ?? 0;
  return tax === 0 ? undefined : html`<p>VAT: ${formatMoney(tax, session.currency ?? "usd")}</p>`;
}
