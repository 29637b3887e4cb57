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
import { draftInvoice } from "./invoices.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** Stripe leaves a renewal's invoice a draft for this long. */
const DRAFT_SECONDS = 3600;

/** What Checkout knows of the subscription it starts. */
export interface NewSubscription {
  customer: string;
  currency: string;
  lines: { price: WirePrice; quantity: number }[];
  paymentMethod: string;
  metadata: Record<string, string>;
  description: string | null;
  automaticTax: boolean;
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

/** Starts an active subscription in flexible billing mode; emits nothing. */
export function startSubscription(tx: Transaction, request: NewSubscription): WireSubscription {
  const id = newId("sub");
  const items = request.lines.map((line) => startItem(tx, id, line));
  const subscription = buildSubscription(tx, { id, request, items });
  tx.state.subscriptions.set(id, subscription);
  return subscription;
}

/**
 * Rolls every item into its next period and writes the draft invoice; emits
 * `customer.subscription.updated` and `invoice.created`.
 */
export function renewSubscription(tx: Transaction, subscription: WireSubscription): void {
  const periodStart = Math.min(...subscription.items.data.map((i) => i.current_period_start));
  const occasion = {
    billingReason: "subscription_cycle",
    periodStart,
    periodEnd: tx.now,
    finalizesAt: tx.now + DRAFT_SECONDS,
  } as const;
  emitChange(tx, "customer.subscription.updated", subscription, (renewed) => {
    for (const item of renewed.items.data) {
      const start = item.current_period_end;
      const recurrence = recurrenceOf(item.price);
      item.current_period_start = start;
      item.current_period_end = periodEnd(renewed.billing_cycle_anchor, recurrence, start);
    }
    renewed.latest_invoice = draftInvoice(tx, renewed, occasion).id;
  });
  const invoice = tx.state.invoices.get(subscription.latest_invoice ?? "");
  if (invoice !== undefined) {
    emit(tx, "invoice.created", invoice);
  }
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

function recurrenceOf(price: WirePrice): Recurrence {
  return price.recurring ?? { interval: "month", interval_count: 1 };
}

function startItem(
  tx: Transaction,
  subscription: string,
  line: { price: WirePrice; quantity: number },
): WireSubscriptionItem {
  const price = structuredClone(line.price);
  return {
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: tx.now,
    current_period_end: periodEnd(tx.now, recurrenceOf(price), tx.now),
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
  return {
    ...blankSubscription(),
    id,
    object: "subscription",
    automatic_tax: {
      disabled_reason: null,
      enabled: request.automaticTax,
      liability: request.automaticTax ? { type: "self" } : null,
    },
    billing_cycle_anchor: tx.now,
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
  };
}
