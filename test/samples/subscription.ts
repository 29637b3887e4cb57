import type { Period } from "../../src/domain/subscription/billing_period.ts";
import type {
  SnapshotInvoice,
  SnapshotItem,
  SnapshotLine,
  SnapshotSubscription,
} from "../../src/domain/subscription/customer_snapshot.ts";
import type { Subscription, SubscriptionItem } from "../../src/domain/subscription/subscription.ts";
import { TENANT } from "./account.ts";
import { at, monthsFrom } from "./dates.ts";

/** An item as a snapshot has it, and as Checkout reads it. */
export type SampleItem = SnapshotItem & SubscriptionItem;

/** A subscription as a snapshot has it, and as Checkout reads it. */
export type SampleSubscription = SnapshotSubscription &
  Subscription & { readonly items: readonly SampleItem[] };

/** An item of a monthly plan in March 2026. */
export function sampleItem(plan = "pro", changes: Partial<SampleItem> = {}): SampleItem {
  return {
    id: `si_${plan}`,
    priceId: `price_${plan}_month`,
    productId: `prod_${plan}`,
    licensed: true,
    quantity: 1,
    interval: "month" as const,
    intervalCount: 1,
    amount: 3_000,
    period: monthsFrom("2026-03-10"),
    ...changes,
  };
}

/** An active monthly subscription of the plan pro, in March 2026. */
export function sampleSubscription(changes: Partial<SampleSubscription> = {}): SampleSubscription {
  return {
    id: "sub_one",
    customerId: "cus_one",
    tenantId: TENANT,
    status: "active",
    items: [sampleItem()],
    billingCycleAnchor: at("2026-03-10"),
    cancelAt: null,
    cancelAtPeriodEnd: false,
    trialEnd: null,
    scheduledChangeAt: null,
    createdAt: at("2026-03-10"),
    endedAt: null,
    pauseCollection: null,
    collectionMethod: "charge_automatically",
    schedule: null,
    pendingUpdate: null,
    discounts: [],
    paymentMethod: null,
    ...changes,
  };
}

/** A position that charges a whole period of a plan. */
export function sampleLine(
  plan: string,
  covered: Period,
  changes: Partial<SnapshotLine> = {},
): SnapshotLine {
  return {
    id: `il_${plan}_${covered.start.toISOString()}`,
    subscriptionId: "sub_one",
    priceId: `price_${plan}_month`,
    productId: `prod_${plan}`,
    licensed: true,
    amount: 3_000,
    proration: false,
    period: covered,
    credited: [],
    ...changes,
  };
}

/** A position that settles a change within a period; a credit when `amount` is negative. */
export function sampleProration(plan: string, amount: number, covered: Period): SnapshotLine {
  return sampleLine(plan, covered, { amount, proration: true });
}

/** A paid renewal of the plan pro in March 2026; its total is the sum of its lines. */
export function sampleInvoice(changes: Partial<SnapshotInvoice> = {}): SnapshotInvoice {
  const lines = changes.lines ?? [sampleLine("pro", monthsFrom("2026-03-10"))];
  const total = changes.total ?? lines.reduce((sum, { amount }) => sum + amount, 0);
  const createdAt = changes.finalizedAt ?? lines[0]?.period.start ?? at("2026-03-10");
  const isPaid = (changes.status ?? "paid") === "paid";
  return {
    id: "in_one",
    subscriptionId: "sub_one",
    status: "paid",
    billingReason: "subscription_cycle",
    createdAt,
    order: 0,
    dueAt: null,
    finalizedAt: createdAt,
    paidAt: isPaid ? createdAt : null,
    attempted: true,
    currency: "eur",
    total,
    amountPaid: isPaid ? Math.max(0, total) : 0,
    amountRemaining: isPaid ? 0 : Math.max(0, total),
    hostedUrl: "https://pay.example/in_one",
    startingBalance: 0,
    endingBalance: 0,
    uncollectibleReason: null,
    ...changes,
    lines,
  };
}
