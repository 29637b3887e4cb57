import { newId } from "../state/ids.ts";
import {
  embeddedList,
  type WirePlan,
  type WirePrice,
  type WireSubscription,
  type WireSubscriptionItem,
} from "../state/wire.ts";
import { periodEnd, type Recurrence } from "./billing_period.ts";
import { blankSubscription } from "./blank_subscription.ts";
import type { Transaction } from "./transaction.ts";

const DAY_SECONDS = 86_400;

/** What Checkout knows of the subscription it starts. */
export interface NewSubscription {
  customer: string;
  currency: string;
  lines: { price: WirePrice; quantity: number }[];
  paymentMethod: string;
  metadata: Record<string, string>;
  description: string | null;
  automaticTax: boolean;
  /** Days before the first payment; null where it is due now. */
  trialDays: number | null;
}

/** Whether the subscription goes on: neither canceled nor expired. */
export function isLive(subscription: WireSubscription): boolean {
  return subscription.status !== "canceled" && subscription.status !== "incomplete_expired";
}

/** The end of the running period in Unix seconds. */
export function currentPeriodEnd(subscription: WireSubscription): number {
  return Math.max(...subscription.items.data.map((item) => item.current_period_end));
}

/** When the subscription ends by a scheduled cancellation, in Unix seconds. */
export function scheduledEnd(subscription: WireSubscription): number | null {
  return (
    subscription.cancel_at ??
    (subscription.cancel_at_period_end ? currentPeriodEnd(subscription) : null)
  );
}

/** Starts a subscription in flexible billing mode, active or on trial; emits nothing. */
export function startSubscription(tx: Transaction, request: NewSubscription): WireSubscription {
  const id = newId("sub");
  const trialEnd = request.trialDays === null ? null : tx.now + request.trialDays * DAY_SECONDS;
  const items = request.lines.map((line) => startItem(tx, id, { ...line, trialEnd }));
  const subscription = buildSubscription(tx, { id, request, items });
  tx.state.subscriptions.set(id, subscription);
  return subscription;
}

/** Shows a price as it is now on the subscriptions that have it, which is no event of theirs. */
export function refreshPrice(tx: Transaction, price: WirePrice): void {
  for (const subscription of tx.state.subscriptions.values()) {
    for (const item of subscription.items.data) {
      if (item.price.id === price.id) {
        item.price = structuredClone(price);
        item.plan = planOf(price);
      }
    }
    const [item] = subscription.items.data;
    subscription.plan = subscription.items.data.length === 1 ? (item?.plan ?? null) : null;
  }
}

/** Gives an item another price, with all that a subscription repeats of it. */
export function setPrice(
  subscription: WireSubscription,
  item: WireSubscriptionItem,
  { price, quantity }: { price: WirePrice; quantity: number },
): void {
  item.price = structuredClone(price);
  item.plan = planOf(price);
  item.quantity = quantity;
  if (subscription.items.data.length === 1) {
    subscription.plan = item.plan;
    subscription.quantity = quantity;
  }
}

/** How often a recurring price renews. */
export function recurrenceOf(price: WirePrice): Recurrence {
  return price.recurring ?? { interval: "month", interval_count: 1 };
}

function startItem(
  tx: Transaction,
  subscription: string,
  line: { price: WirePrice; quantity: number; trialEnd: number | null },
): WireSubscriptionItem {
  const price = structuredClone(line.price);
  return {
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: tx.now,
    current_period_end: line.trialEnd ?? periodEnd(tx.now, recurrenceOf(price), tx.now),
    current_period_start: tx.now,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    quantity: line.quantity,
    subscription,
    tax_rates: [],
  };
}

function planOf(price: WirePrice): WirePlan {
  const { interval, interval_count } = recurrenceOf(price);
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: "per_unit",
    created: price.created,
    currency: price.currency,
    interval,
    interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: "licensed",
  };
}

interface SubscriptionParts {
  id: string;
  request: NewSubscription;
  items: WireSubscriptionItem[];
}

function buildSubscription(tx: Transaction, parts: SubscriptionParts): WireSubscription {
  const { id, request, items } = parts;
  const onlyItem = items.length === 1 ? items[0] : undefined;
  const trial = request.trialDays !== null;
  const trialEnd = trial ? (items[0]?.current_period_end ?? null) : null;
  return {
    ...blankSubscription(),
    id,
    object: "subscription",
    automatic_tax: {
      disabled_reason: null,
      enabled: request.automaticTax,
      liability: request.automaticTax ? { type: "self" } : null,
    },
    billing_cycle_anchor: trialEnd ?? tx.now,
    billing_mode: {
      flexible: { proration_discounts: "included" },
      type: "flexible",
      updated_at: tx.now,
    },
    created: tx.now,
    currency: request.currency,
    customer: request.customer,
    default_payment_method: request.paymentMethod,
    description: request.description,
    items: embeddedList(`/v1/subscription_items?subscription=${id}`, items),
    metadata: request.metadata,
    plan: onlyItem?.plan ?? null,
    quantity: onlyItem?.quantity ?? null,
    start_date: tx.now,
    test_clock: tx.state.customers.get(request.customer)?.test_clock ?? null,
    ...(trial && { status: "trialing", trial_start: tx.now, trial_end: trialEnd }),
  };
}
