import { formatInterval, formatMoney } from "../engine/money.ts";
import type { WireCheckoutSession, WireLineItem } from "../state/wire.ts";
import { type Html, html } from "./html.ts";

/**
 * What a session sells: the price and how often it is due, the items, VAT if there is any, and
 * what is due today.
 *
 * @param trialDays days before the first payment; null where it is due now
 */
export function orderSummary(
  session: WireCheckoutSession,
  items: readonly WireLineItem[],
  trialDays: number | null,
): Html {
  const money = (amount: number) => formatMoney(amount, session.currency ?? "usd");
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  const interval = items[0]?.price ? formatInterval(items[0].price) : "once";
  const often = session.mode === "subscription" ? `per ${interval}` : "once";
  const tax = session.total_details?.amount_tax ?? 0;
  return html`<p class="price">${money(total)} <span class="soft">${often}</span></p>
${
  trialDays !== null &&
  html`<p><span class="badge good">${trialDays} days free</span>
<span class="soft">then the price above</span></p>`
}
<table class="sums"><caption class="unseen">What you buy</caption><tbody>
${items.map(
  (item) =>
    html`<tr><th scope="row">${itemName(item)}</th><td>${money(item.amount_subtotal)}</td></tr>`,
)}
${
  trialDays !== null &&
  html`<tr><th scope="row">Free for ${trialDays} days</th>
<td>${money(-total)}</td></tr>`
}
${tax > 0 && html`<tr><th scope="row">VAT</th><td>${money(tax)}</td></tr>`}
<tr class="ruled total"><th scope="row">Total due today</th>
<td>${money(session.amount_total ?? 0)}</td></tr>
</tbody></table>`;
}

function itemName({ quantity, description }: WireLineItem): string {
  const name = description ?? "Subscription";
  return (quantity ?? 1) === 1 ? name : `${quantity} × ${name}`;
}
