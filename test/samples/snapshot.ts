import type { Period } from "../../src/domain/subscription/billing_period.ts";
import type {
  CustomerSnapshot,
  SnapshotInvoice,
  SnapshotItem,
  SnapshotLine,
  SnapshotSubscription,
} from "../../src/domain/subscription/customer_snapshot.ts";
import { type Entitlement, entitlement } from "../../src/domain/subscription/entitlement.ts";
import { standingOf } from "../../src/domain/subscription/standing.ts";
import { historyCatalog } from "../domain/subscription/simulation/stripe_prices.ts";
import { TENANT } from "./account.ts";
import { monthsFrom } from "./dates.ts";

/** January, February and March 2027. */
export const JAN = monthsFrom("2027-01-01");
export const FEB = monthsFrom("2027-02-01");
export const MAR = monthsFrom("2027-03-01");

/** An item of a plan, or of another product. */
export function item(
  plan: string,
  period: Period,
  changes: Partial<SnapshotItem> = {},
): SnapshotItem {
  return {
    id: `si_${plan}`,
    priceId: `price_${plan}_month`,
    productId: `prod_${plan}`,
    licensed: true,
    quantity: 1,
    interval: "month",
    intervalCount: 1,
    amount: 1_000,
    period,
    ...changes,
  };
}

/** An active monthly subscription of the plan pro. */
export function subscription(
  period: Period,
  changes: Partial<SnapshotSubscription> = {},
): SnapshotSubscription {
  return {
    id: "sub_1",
    customerId: "cus_1",
    tenantId: TENANT,
    status: "active",
    items: [item("pro", period)],
    billingCycleAnchor: JAN.start,
    createdAt: JAN.start,
    endedAt: null,
    endReason: null,
    cancelAt: null,
    cancelAtPeriodEnd: false,
    trialEnd: null,
    pauseCollection: null,
    collectionMethod: "charge_automatically",
    taxTurnedOff: false,
    schedule: null,
    pendingUpdate: null,
    discounts: [],
    paymentMethod: null,
    ...changes,
  };
}

/** A position that charges for a plan's period. */
export function line(
  plan: string,
  period: Period,
  changes: Partial<SnapshotLine> = {},
): SnapshotLine {
  return {
    id: `il_${plan}_${period.start.toISOString()}`,
    subscriptionId: "sub_1",
    priceId: `price_${plan}_month`,
    productId: `prod_${plan}`,
    licensed: true,
    amount: 1_000,
    period,
    proration: false,
    credited: [],
    ...changes,
  };
}

/** A position that credits the rest of a period from a date on. */
export function credit(plan: string, from: Date, { end }: Period, invoiceId: string): SnapshotLine {
  return line(
    plan,
    { start: from, end },
    {
      amount: -500,
      proration: true,
      credited: [{ invoiceId, lineId: "il_1" }],
    },
  );
}

const REASONS = {
  first: "subscription_create",
  renewal: "subscription_cycle",
  change: "subscription_update",
} as const;

/** A paid invoice, made when its last line begins. */
export function invoice(
  id: string,
  reason: keyof typeof REASONS | "manual" | "subscription_threshold",
  lines: readonly SnapshotLine[],
  changes: Partial<SnapshotInvoice> = {},
): SnapshotInvoice {
  const createdAt = changes.createdAt ?? lines.at(-1)?.period.start ?? JAN.start;
  const isFinal = changes.status !== "draft";
  const total = changes.total ?? lines.reduce((sum, { amount }) => sum + amount, 0);
  return {
    id,
    subscriptionId: "sub_1",
    status: "paid",
    billingReason: reason in REASONS ? REASONS[reason as keyof typeof REASONS] : reason,
    createdAt,
    order: 0,
    dueAt: null,
    finalizedAt: isFinal ? createdAt : null,
    paidAt: (changes.status ?? "paid") === "paid" ? createdAt : null,
    attempted: isFinal,
    currency: "eur",
    total,
    taxAdded: 0,
    amountPaid: (changes.status ?? "paid") === "paid" ? Math.max(0, total) : 0,
    amountRemaining: (changes.status ?? "paid") === "paid" ? 0 : Math.max(0, total),
    amountProcessing: 0,
    hostedUrl: isFinal ? `https://pay.example/${id}` : null,
    startingBalance: 0,
    endingBalance: 0,
    finalizationError: null,
    uncollectibleReason: null,
    ...changes,
    lines,
  };
}

/** What Stripe says of a customer with one subscription. */
export function snapshot(
  subscriptions: readonly SnapshotSubscription[],
  invoices: readonly SnapshotInvoice[],
  pendingLines: readonly SnapshotLine[] = [],
): CustomerSnapshot {
  return { deleted: false, balance: 0, subscriptions, invoices, pendingLines };
}

/** What a snapshot entitles to. */
export function entitled(
  found: CustomerSnapshot,
  now: Date,
  inForce: readonly string[] = [],
): Entitlement {
  const catalog = historyCatalog();
  const standing = standingOf(found, {
    tenantId: TENANT,
    catalog,
    inForce: new Set(inForce),
    endedDuplicates: new Set(),
  });
  return entitlement(standing, catalog, { now, graceDays: 14 });
}
