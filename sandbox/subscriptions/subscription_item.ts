import { periodAt, type Recurrence } from "../engine/billing_period.ts";
import type { Transaction } from "../engine/transaction.ts";
import { newId } from "../state/ids.ts";
import type { WirePlan, WirePrice, WireSubscription, WireSubscriptionItem } from "../state/wire.ts";

/** A price that a subscription shall have, and how many of it. */
export interface NewItem {
  price: WirePrice;
  /** Without meaning for metered prices. */
  quantity: number;
  fields?: Partial<
    Pick<WireSubscriptionItem, "billing_thresholds" | "discounts" | "metadata" | "tax_rates">
  >;
}

/** How often a recurring price renews. */
export function recurrenceOf(price: WirePrice): Recurrence {
  return price.recurring ?? { interval: "month", interval_count: 1 };
}

/** Whether a price bills what was used, afterwards. */
export function isMetered(price: WirePrice): boolean {
  return price.recurring?.usage_type === "metered";
}

/** Whether two prices renew equally often. */
export function sameRecurrence(a: WirePrice, b: WirePrice): boolean {
  const [one, other] = [recurrenceOf(a), recurrenceOf(b)];
  return one.interval === other.interval && one.interval_count === other.interval_count;
}

/** What a quantity of a price costs per period, in minor units. */
export function amountOf(price: WirePrice, quantity: number): number {
  const { divide_by: size = 1, round = "up" } = price.transform_quantity ?? {};
  const units = round === "up" ? Math.ceil(quantity / size) : Math.floor(quantity / size);
  return Math.round(Number(price.unit_amount_decimal ?? price.unit_amount ?? 0) * units);
}

/** The period of an item that begins now, cut short by the anchor where that lies ahead. */
export function periodFrom(
  now: number,
  price: WirePrice,
  anchor: number,
): { start: number; end: number } {
  return { start: now, end: periodAt(anchor, recurrenceOf(price), now).end };
}

/** A new item of the subscription with this id. */
export function newItem(
  tx: Pick<Transaction, "now">,
  subscription: string,
  { price, quantity, fields = {} }: NewItem,
  period: { start: number; end: number },
): WireSubscriptionItem {
  return {
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: tx.now,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    ...(isMetered(price) ? {} : { quantity }),
    subscription,
    tax_rates: [],
    ...fields,
  };
}

/** Gives an item a price and a quantity; the price is the one of the catalog, not a copy of it. */
export function setItem(item: WireSubscriptionItem, price: WirePrice, quantity: number): void {
  item.price = price;
  item.plan = planOf(price);
  if (isMetered(price)) {
    delete item.quantity;
  } else {
    item.quantity = quantity;
  }
}

/** Repeats on the subscription what Stripe repeats of its only item. */
export function showOnlyItem(subscription: WireSubscription): void {
  const { data } = subscription.items;
  const only = data.length === 1 ? data[0] : undefined;
  subscription.items.total_count = data.length;
  subscription.plan = only?.plan ?? null;
  subscription.quantity = only?.quantity ?? null;
}

/** The plan that Stripe shows beside a price. */
function planOf(price: WirePrice): WirePlan {
  const { interval, interval_count } = recurrenceOf(price);
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval,
    interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: price.recurring?.meter ?? null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: null,
    trial_period_days: null,
    usage_type: price.recurring?.usage_type ?? "licensed",
  };
}
