import type { AuditEntry } from "../../src/domain/subscription/account_change.ts";
import type {
  AccountRecord,
  AccountSubscription,
  BillingAccount,
  CheckoutIntent,
  PaidPeriod,
} from "../../src/domain/subscription/billing_account.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import type { Period } from "../../src/domain/subscription/billing_period.ts";
import type { Standing } from "../../src/domain/subscription/standing.ts";
import { afterNow, at, monthsFrom } from "./dates.ts";

/** The tenant of the samples. */
export const TENANT = "clacme0001";

/** The paid period of the samples. */
export const MARCH = monthsFrom("2026-03-10");

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
    period: MARCH,
    billingCycleAnchor: MARCH.start,
    cancelAt: null,
    trialEnd: null,
    endedAt: null,
    unpaidSince: null,
    unpaidChangeSince: null,
    ...changes,
  };
}

/** A period in which a plan was paid for. */
export function samplePaidPeriod(planSlug = "pro", paid: Period = MARCH): PaidPeriod {
  return { ...paid, invoiceId: "in_one", charges: [{ planSlug, period: paid }] };
}

/** The fields of an account that has paid a plan for a period. */
export function paidFor(planSlug: string, paid: Period = MARCH): Partial<BillingAccount> {
  return {
    subscription: sampleAccountSubscription({ planSlug, period: paid }),
    paidPeriod: samplePaidPeriod(planSlug, paid),
  };
}

/** An account that was never saved and in which every field has a value. */
export function fullAccount(changes: Partial<BillingAccount> = {}): BillingAccount {
  return {
    ...newAccount(TENANT),
    customerId: "cus_acme",
    subscription: fullSubscription(),
    paidPeriod: fullPaidPeriod(),
    standing: fullStanding(),
    knownSince: afterNow(30),
    inForce: ["sub_1"],
    endedDuplicates: [
      { id: "sub_2", givenBack: ["in_2", "in_3"] },
      { id: "sub_3", givenBack: [] },
    ],
    checkout: fullCheckout(),
    ...changes,
  };
}

/** The same account with the change that led to it. */
export function fullRecord(changes: Partial<AccountRecord> = {}): AccountRecord {
  const { tenantId: _, ...lastChange } = sampleAuditEntry(1);
  return { ...fullAccount(), lastChange, ...changes };
}

/** A subscription in which every field has a value. */
export function fullSubscription(changes: Partial<AccountSubscription> = {}): AccountSubscription {
  return {
    id: "sub_1",
    status: "past_due",
    planSlug: "pro",
    interval: "year",
    period: { start: at("2026-01-31T23:59:59.999Z"), end: afterNow(1) },
    billingCycleAnchor: at("2024-02-29T12:00:00.001Z"),
    cancelAt: afterNow(2),
    trialEnd: afterNow(3),
    endedAt: afterNow(4),
    unpaidSince: afterNow(5),
    unpaidChangeSince: afterNow(6),
    ...changes,
  };
}

/** A paid period with two charges. */
export function fullPaidPeriod(changes: Partial<PaidPeriod> = {}): PaidPeriod {
  return {
    ...{ start: afterNow(10), end: afterNow(11) },
    invoiceId: "in_1",
    charges: [
      { planSlug: "starter", period: { start: afterNow(12), end: afterNow(13) } },
      { planSlug: "pro", period: { start: afterNow(14), end: afterNow(15) } },
    ],
    ...changes,
  };
}

/** A standing in which every field has a value. */
export function fullStanding(changes: Partial<Standing> = {}): Standing {
  return {
    subscription: {
      id: "sub_1",
      status: "past_due",
      billingCycleAnchor: at("2024-02-29T12:00:00.001Z"),
      endedAt: afterNow(4),
      collectionPaused: true,
      item: {
        id: "si_1",
        priceId: "price_1",
        planSlug: "pro",
        period: { start: afterNow(40), end: afterNow(41) },
      },
    },
    debts: [{ invoiceId: "in_4", cause: "renewal", from: afterNow(42), since: afterNow(43) }],
    lines: [
      {
        basis: "lent",
        lentUntil: afterNow(44),
        planSlug: "starter",
        period: { start: afterNow(45), end: afterNow(46) },
        opens: true,
        creditedFrom: afterNow(47),
        trial: false,
        settledAt: afterNow(48),
      },
    ],
    creditedUnpaid: ["in_5"],
    ...changes,
  };
}

/** A Checkout that was asked for. */
export function fullCheckout(changes: Partial<CheckoutIntent> = {}): CheckoutIntent {
  return {
    attempt: 7,
    planSlug: "pro",
    interval: "month",
    priceId: "price_1",
    successUrl: "https://app.example.com/ok?session={CHECKOUT_SESSION_ID}&a=1#b",
    cancelUrl: "https://app.example.com/cancel",
    expiresAt: afterNow(20),
    trialDays: 14,
    ...changes,
  };
}

/** An entry of the audit trail. */
export function sampleAuditEntry(revision: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    tenantId: TENANT,
    revision,
    at: afterNow(revision),
    cause: { type: "event", eventId: "evt_1", eventType: "invoice.paid" },
    fields: [{ field: "subscription.status", before: "past_due", after: "active" }],
    ...changes,
  };
}
