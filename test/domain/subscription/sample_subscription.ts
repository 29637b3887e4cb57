import type {
  AccountSubscription,
  BillingAccount,
} from "../../../src/domain/subscription/billing_account.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { addMonths, type Period } from "../../../src/domain/subscription/billing_period.ts";
import type { Invoice, InvoiceLine } from "../../../src/domain/subscription/invoice.ts";
import type {
  Subscription,
  SubscriptionItem,
} from "../../../src/domain/subscription/subscription.ts";

/** The tenant of the samples. */
export const TENANT = "tenant_one";

/** A date from its ISO form; without a time it is midnight in UTC. */
export function at(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) {
    throw new TypeError(`Cannot read date "${text}"`);
  }
  return date;
}

/** The period between two ISO dates. */
export function period(start: string, end: string): Period {
  return { start: at(start), end: at(end) };
}

/** The period of `months` months from an ISO date on. */
export function monthsFrom(start: string, months = 1): Period {
  return { start: at(start), end: addMonths(at(start), months) };
}

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

/** The tenant's account, by default with a customer and nothing else. */
export function sampleAccount(changes: Partial<BillingAccount> = {}): BillingAccount {
  return { ...newAccount(TENANT), customerId: "cus_one", ...changes };
}

/** What the account knows of an active monthly subscription of the plan pro. */
export function sampleAccountSubscription(
  changes: Partial<AccountSubscription> = {},
): AccountSubscription {
  return {
    id: "sub_one",
    status: "active",
    planSlug: "pro",
    interval: "month",
    period: monthsFrom("2026-03-10"),
    billingCycleAnchor: at("2026-03-10"),
    cancelAt: null,
    trialEnd: null,
    endedAt: null,
    unpaidSince: null,
    unpaidChangeSince: null,
    ...changes,
  };
}
