import { priceIn } from "../../engine/catalog/price_in.ts";
import { productName } from "../../engine/invoice_lines.ts";
import { formatInterval, formatMoney } from "../../engine/money.ts";
import { previewChange } from "../../engine/preview.ts";
import { hasFuturePhase, scheduleOf } from "../../engine/schedules.ts";
import { currentPeriodEnd, isLive, scheduledEnd } from "../../engine/subscriptions.ts";
import type { WirePrice, WireSubscription } from "../../state/wire.ts";
import { amountOf, isMetered } from "../../subscriptions/subscription_item.ts";
import { type Html, html } from "../html.ts";
import { isPayable } from "../invoice_page.ts";
import { formatDate } from "../layout.ts";
import { subscriptionBadge } from "../status_badge.ts";
import { usageRate } from "../usage_rates.ts";
import { change, type Visit } from "./portal_visit.ts";

/** A subscription: plan, price, how it stands, what comes next, and what can be done. */
export function subscriptionCard(visit: Visit, subscription: WireSubscription): Html {
  const { data } = subscription.items;
  const { state } = visit.account;
  const inItsCurrency = (price: WirePrice) => priceIn(state, price, subscription.currency);
  const total = data
    .filter((item) => !isMetered(item.price))
    .reduce((sum, item) => sum + amountOf(inItsCurrency(item.price), item.quantity ?? 1), 0);
  const price = data[0]?.price;
  const used = data.filter((item) => isMetered(item.price));
  const ending = scheduledEnd(subscription) !== null;
  const date = dateText(visit, subscription);
  return html`<div class="stack">
<p class="head"><strong class="name">${planName(visit, subscription)}</strong>
${subscriptionBadge(subscription.status, ending)}</p>
<p class="price">${formatMoney(total, subscription.currency)}
<span class="soft">per ${price && formatInterval(price)}</span></p>
${used.map(
  (item) => html`<p class="soft">and what you use of
${productName(visit.account.state, item.price)}: ${usageRate(inItsCurrency(item.price))}</p>`,
)}
${statusText(visit, subscription)}
${date && html`<p>${date}</p>`}
${isLive(subscription) && scheduledText(visit, subscription)}
${isLive(subscription) && subscriptionActions(visit, subscription)}
</div>`;
}

/** What people call a subscription's plan. */
export function planName(visit: Visit, subscription: WireSubscription): string {
  return subscription.items.data
    .map(({ price }) => productName(visit.account.state, price))
    .join(", ");
}

/** Whether a payment has failed that another card would make good. */
export function owes({ status }: WireSubscription): boolean {
  return status === "past_due" || status === "unpaid";
}

/** What a status that is no ordinary one means to the customer. */
function statusText(visit: Visit, subscription: WireSubscription): Html | undefined {
  if (owes(subscription)) {
    return html`<p class="notice bad">The last payment failed. ${wayToPay(visit, subscription)}</p>`;
  }
  switch (subscription.status) {
    case "incomplete":
      return html`<p class="notice warn">The first payment is still to be made.</p>`;
    case "paused":
      return html`<p class="notice warn">Nothing is charged while the subscription is paused.</p>`;
    default:
      return undefined;
  }
}

/** Leads to the oldest invoice that can be paid: saving a card alone pays nothing. */
function wayToPay({ account: { state } }: Visit, { id }: WireSubscription): Html | undefined {
  const invoice = state.invoices.of(id).find((one) => isPayable(state, one));
  if (invoice === undefined) {
    return undefined;
  }
  const { amount_remaining: amount, currency, next_payment_attempt: next } = invoice;
  const later = next === null ? "" : `, or update your card before ${formatDate(next)}`;
  return html`<a href="/i/${invoice.id}">Pay ${formatMoney(amount, currency)} now</a>${later}.`;
}

function subscriptionActions(visit: Visit, subscription: WireSubscription): Html {
  const path = `${visit.path}/subscriptions/${subscription.id}`;
  if (scheduledEnd(subscription) !== null) {
    return html`<form method="post" action="${path}/renew"><button>Renew</button></form>`;
  }
  const { subscription_cancel: cancel, subscription_update: update } = visit.features;
  const changes =
    update.enabled &&
    subscription.items.data.length === 1 &&
    !hasFuturePhase(scheduleOf(visit.account.state, subscription));
  return html`<p class="actions">
${changes && html`<a class="button quiet" href="${path}/update">Update plan</a>`}
${cancel.enabled && html`<a class="button quiet" href="${path}/cancel">Cancel subscription</a>`}
</p>`;
}

function scheduledText(visit: Visit, subscription: WireSubscription): Html | undefined {
  const { state } = visit.account;
  const schedule = scheduleOf(state, subscription);
  const next = schedule?.phases.at(-1);
  const found = state.prices.get(next?.items[0]?.price ?? "");
  if (!hasFuturePhase(schedule) || next === undefined || found === undefined) {
    return undefined;
  }
  const price = priceIn(state, found, subscription.currency);
  const path = `${visit.path}/subscriptions/${subscription.id}`;
  return html`<div class="notice info stack">
<p>Changes to ${productName(state, price)} on ${formatDate(next.start_date)}:
${formatMoney(amountOf(price, next.items[0]?.quantity ?? 1), price.currency)}
per ${formatInterval(price)}</p>
<form method="post" action="${path}/keep">
<button class="quiet">Keep the current plan</button>
</form>
</div>`;
}

function dateText(visit: Visit, subscription: WireSubscription): string | undefined {
  const end = subscription.ended_at ?? scheduledEnd(subscription);
  if (!isLive(subscription)) {
    return `Ended on ${formatDate(end ?? subscription.created)}`;
  }
  if (end !== null) {
    return `Ends on ${formatDate(end)}. Until then everything stays as it is.`;
  }
  if (subscription.status === "paused") {
    return undefined;
  }
  const next = change(visit, (tx) => previewChange(tx, subscription, () => undefined));
  const date = formatDate(currentPeriodEnd(subscription));
  const amount = formatMoney(next.amount_due, next.currency);
  return subscription.status === "trialing"
    ? `Free until ${date}. Then ${amount} is due.`
    : `Next payment on ${date}: ${amount}`;
}
