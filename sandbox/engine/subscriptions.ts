import { newId } from "../state/ids.ts";
import {
  embeddedList,
  type WirePrice,
  type WireSubscription,
  type WireSubscriptionItem,
} from "../state/wire.ts";
import {
  type NewItem,
  newItem,
  periodFrom,
  setItem,
  showOnlyItem,
} from "../subscriptions/subscription_item.ts";
import { blankSubscription } from "./blank_subscription.ts";
import type { Transaction } from "./transaction.ts";

const DAY_SECONDS = 86_400;

/** What is known of a subscription that starts. Times are Unix seconds. */
export interface NewSubscription {
  customer: string;
  currency: string;
  lines: NewItem[];
  paymentMethod: string | null;
  metadata: Record<string, string>;
  description: string | null;
  automaticTax: boolean;
  /** Days before the first payment; null where it is due now. */
  trialDays: number | null;
  /** When the trial ends, where it is not counted in days. */
  trialEnd?: number | null;
  /** What later periods are counted from; by default the end of the trial, else now. */
  anchor?: number | null;
  /** When it began, where that was before now. */
  startDate?: number | null;
  /** In flexible billing mode unless this is `classic`. */
  billingMode?: "classic" | "flexible";
  /** What else a request says. */
  fields?: Partial<WireSubscription>;
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

/** Starts a subscription, active or on trial; emits nothing. */
export function startSubscription(tx: Transaction, request: NewSubscription): WireSubscription {
  const id = newId("sub");
  const days = request.trialDays;
  const trialEnd = request.trialEnd ?? (days === null ? null : tx.now + days * DAY_SECONDS);
  const anchor = request.anchor ?? trialEnd ?? tx.now;
  const items = request.lines.map((line) => {
    const trial = trialEnd === null ? undefined : { start: tx.now, end: trialEnd };
    return newItem(tx, id, line, trial ?? periodFrom(tx.now, line.price, anchor));
  });
  const subscription = buildSubscription(tx, { id, request, items, trialEnd, anchor });
  tx.state.subscriptions.set(id, subscription);
  return subscription;
}

/** Shows a price as it is now on the subscriptions that have it, which is no event of theirs. */
export function refreshPrice(tx: Transaction, price: WirePrice): void {
  for (const subscription of tx.state.subscriptions.values()) {
    for (const item of subscription.items.data) {
      if (item.price.id === price.id) {
        setItem(item, price, item.quantity ?? 1);
      }
    }
    showOnlyItem(subscription);
  }
}

interface SubscriptionParts {
  id: string;
  request: NewSubscription;
  items: WireSubscriptionItem[];
  trialEnd: number | null;
  anchor: number;
}

function buildSubscription(tx: Transaction, parts: SubscriptionParts): WireSubscription {
  const { id, request, items, trialEnd, anchor } = parts;
  const customer = tx.state.customers.get(request.customer);
  const classic = request.billingMode === "classic";
  const subscription: WireSubscription = {
    ...blankSubscription(),
    id,
    object: "subscription",
    automatic_tax: {
      disabled_reason: null,
      enabled: request.automaticTax,
      liability: request.automaticTax ? { type: "self" } : null,
    },
    billing_cycle_anchor: anchor,
    billing_mode: classic
      ? { flexible: null, type: "classic" }
      : {
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
    plan: null,
    quantity: null,
    start_date: request.startDate ?? tx.now,
    test_clock: customer?.test_clock ?? null,
    ...(trialEnd !== null && { status: "trialing", trial_start: tx.now, trial_end: trialEnd }),
    ...request.fields,
  };
  showOnlyItem(subscription);
  return subscription;
}
