import type { AuditEntry } from "../../src/domain/subscription/account_change.ts";
import type {
  AccountRecord,
  AccountSubscription,
  BillingAccount,
  CheckoutIntent,
} from "../../src/domain/subscription/billing_account.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import type { Period } from "../../src/domain/subscription/billing_period.ts";
import type { Debt } from "../../src/domain/subscription/debts.ts";
import type { Standing, StandingSubscription } from "../../src/domain/subscription/standing.ts";
import { afterNow, at, monthsFrom } from "./dates.ts";

/** The tenant of the samples. */
export const TENANT = "clacme0001";

/** The paid period of the samples. */
export const MARCH = monthsFrom("2026-03-10");

/** The tenant's account, by default with a customer and nothing else. */
export function sampleAccount(changes: Partial<BillingAccount> = {}): BillingAccount {
  return { ...newAccount(TENANT), customerId: "cus_one", ...changes };
}

/** What the account shows of an active monthly subscription of the plan pro. */
export function sampleAccountSubscription(
  changes: Partial<AccountSubscription> = {},
): AccountSubscription {
  return {
    id: "sub_one",
    status: "active",
    planSlug: "pro",
    interval: "month",
    period: MARCH,
    cancelAt: null,
    trialEnd: null,
    endedAt: null,
    endReason: null,
    collectionMethod: "charge_automatically",
    scheduledChange: null,
    payments: [],
    processing: null,
    nextInvoice: null,
    paymentMethod: null,
    ...changes,
  };
}

/** The standing of a subscription whose running period is paid. */
export function paidStanding(
  paid: Period = MARCH,
  planSlug = "pro",
  {
    debts = [],
    ...changes
  }: Partial<StandingSubscription> & { readonly debts?: readonly Debt[] } = {},
): Standing {
  return {
    subscription: {
      id: "sub_one",
      status: "active",
      billingCycleAnchor: paid.start,
      endedAt: null,
      collectionPaused: false,
      item: { id: `si_${planSlug}`, priceId: `price_${planSlug}_month`, planSlug, period: paid },
      ...changes,
    },
    debts,
    lines: [
      {
        basis: "paid",
        lentUntil: null,
        planSlug,
        period: paid,
        opens: true,
        creditedFrom: null,
        trial: false,
        settledAt: paid.start,
      },
    ],
    creditedUnpaid: [],
  };
}

/** A renewal that is owed since a date. */
export function owedRenewal(since: Date): Debt {
  return { invoiceId: "in_owed", cause: "renewal", from: null, since };
}

/** The fields of an account that has paid a plan for a period. */
export function paidFor(
  planSlug = "pro",
  paid: Period = MARCH,
  changes: Parameters<typeof paidStanding>[2] = {},
): Partial<BillingAccount> {
  return {
    subscription: sampleAccountSubscription({ planSlug, period: paid }),
    standing: paidStanding(paid, planSlug, changes),
  };
}

/** An account that was never saved and in which every field has a value. */
export function fullAccount(changes: Partial<BillingAccount> = {}): BillingAccount {
  return {
    ...newAccount(TENANT),
    customerId: "cus_acme",
    subscription: fullSubscription(),
    standing: fullStanding(),
    knownSince: afterNow(30),
    lookedAt: afterNow(31),
    inForce: ["sub_1"],
    endedDuplicates: [
      { id: "sub_2", givenBack: [{ invoiceId: "in_2", amount: 2_900 }] },
      { id: "sub_3", givenBack: [] },
    ],
    checkout: fullCheckout(),
    ending: {
      at: afterNow(50),
      when: "period_end",
      refund: { invoiceId: "in_9", amount: 1, currency: "eur" },
      redact: "empty",
    },
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
    cancelAt: afterNow(2),
    trialEnd: afterNow(3),
    endedAt: afterNow(4),
    endReason: "payment_failed",
    collectionMethod: "send_invoice",
    scheduledChange: { planSlug: "starter", interval: "month", effectiveAt: afterNow(5) },
    payments: [
      {
        invoiceId: "in_4",
        amount: 1_900,
        currency: "eur",
        dueAt: afterNow(6),
        invoiceUrl: "https://pay.example/in_4",
      },
    ],
    processing: { amount: 700, currency: "eur" },
    nextInvoice: { amount: 900, currency: "eur", at: afterNow(7) },
    paymentMethod: { brand: "visa", last4: "4242", expMonth: 12, expYear: 2030 },
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
