import { formatInterval, formatMoney } from "../../engine/money.ts";
import type { WireCheckoutSession, WireLineItem } from "../../state/wire.ts";
import { isMetered } from "../../subscriptions/subscription_item.ts";
import { type Html, html } from "../html.ts";
import { isAllMetered, usageRate } from "../usage_rates.ts";

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
  const plain = (item: WireLineItem) => item.amount_subtotal;
  const recurring = items.filter(({ price }) => price?.recurring);
  const shown = recurring.length > 0 ? recurring : items;
  const total = shown.reduce((sum, item) => sum + plain(item), 0);
  const interval = shown[0]?.price ? formatInterval(shown[0].price) : "once";
  const often = session.mode === "subscription" ? `per ${interval}` : "once";
  const { amount_tax: tax = 0, amount_discount: off = 0 } = session.total_details ?? {};
  const byUse = isAllMetered(shown.flatMap(({ price }) => price ?? []));
  return html`${
    byUse
      ? html`<p class="price">By use <span class="soft">billed ${often}</span></p>`
      : html`<p class="price">${money(total)} <span class="soft">${often}</span></p>`
  }
${
  trialDays !== null &&
  html`<p><span class="badge good">${trialDays} days free</span>
<span class="soft">then the price above</span></p>`
}
<table class="sums"><caption class="unseen">What you buy</caption><tbody>
${items.map(
  (item) =>
    html`<tr><th scope="row">${itemName(item)}</th><td>${
      item.price && isMetered(item.price) ? usageRate(item.price) : money(item.amount_subtotal)
    }</td></tr>`,
)}
${
  trialDays !== null &&
  html`<tr><th scope="row">Free for ${trialDays} days</th>
<td>${money(-total)}</td></tr>`
}
${off > 0 && html`<tr><th scope="row">Discount</th><td>${money(-off)}</td></tr>`}
${tax > 0 && html`<tr><th scope="row">VAT</th><td>${money(tax)}</td></tr>`}
<tr class="ruled total"><th scope="row">Total due today</th>
<td>${money(session.amount_total ?? 0)}</td></tr>
</tbody></table>`;
}

function itemName({ quantity, description }: WireLineItem): string {
  const name = description ?? "Subscription";
  return (quantity ?? 1) === 1 ? name : `${quantity} × ${name}`;
}
