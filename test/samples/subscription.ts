import type { Period } from "../../src/domain/subscription/billing_period.ts";
import type { Invoice, InvoiceLine } from "../../src/domain/subscription/invoice.ts";
import type { Subscription, SubscriptionItem } from "../../src/domain/subscription/subscription.ts";
import { TENANT } from "./account.ts";
import { at, monthsFrom } from "./dates.ts";

/** An item of a monthly plan in March 2026. */
export function sampleItem(plan = "pro", changes: Partial<SubscriptionItem> = {}) {
  return {
    id: `si_${plan}`,
    priceId: `price_${plan}_month`,
    productId: `prod_${plan}`,
    interval: "month" as const,
    amount: 3_000,
    period: monthsFrom("2026-03-10"),
    ...changes,
  };
}

/** An active monthly subscription of the plan pro, in March 2026. */
export function sampleSubscription(changes: Partial<Subscription> = {}): Subscription {
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
    ...changes,
  };
}

/** A position that charges a whole period of a plan. */
export function sampleLine(plan: string, covered: Period, changes: Partial<InvoiceLine> = {}) {
  return {
    productId: `prod_${plan}`,
    amount: 3_000,
    proration: false,
    period: covered,
    ...changes,
  };
}

/** A position that settles a change within a period; a credit when `amount` is negative. */
export function sampleProration(plan: string, amount: number, covered: Period): InvoiceLine {
  return sampleLine(plan, covered, { amount, proration: true });
}

/** A paid renewal of the plan pro in March 2026; its total is the sum of its lines. */
export function sampleInvoice(changes: Partial<Invoice> = {}): Invoice {
  const lines = changes.lines ?? [sampleLine("pro", monthsFrom("2026-03-10"))];
  return {
    id: "in_one",
    status: "paid",
    billingReason: "subscription_cycle",
    total: lines.reduce((sum, { amount }) => sum + amount, 0),
    finalizedAt: lines[0]?.period.start ?? at("2026-03-10"),
    ...changes,
    lines,
  };
}
