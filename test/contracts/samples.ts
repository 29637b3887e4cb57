import type { Catalog } from "../../src/domain/catalog/catalog.ts";
import type { BillingEvent } from "../../src/domain/events/billing_event.ts";
import type { AccountChange, AuditEntry } from "../../src/domain/subscription/account_change.ts";
import type {
  AccountRecord,
  AccountSubscription,
  BillingAccount,
  CheckoutIntent,
  PaidPeriod,
} from "../../src/domain/subscription/billing_account.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import type { Standing } from "../../src/domain/subscription/standing.ts";
import type { LedgerEntry } from "../../src/domain/tokens/token_ledger.ts";

/** The fixed "now" of the contract suites, with milliseconds. */
export const NOW = new Date("2026-03-14T15:09:26.535Z");

/** `NOW` moved by some milliseconds. */
export function at(offsetMs: number): Date {
  return new Date(NOW.getTime() + offsetMs);
}

/** Text that shows a wrong encoding, missing escapes and normalisation. */
export const DIFFICULT_TEXT = `"Zoë" o'Brien \\ 日本語 👩‍🚀 e\u0301 é \u202e %_$.{}\n\t`;

/** A subscription in which every field has a value. */
export function sampleSubscription(
  changes: Partial<AccountSubscription> = {},
): AccountSubscription {
  return {
    id: "sub_1",
    status: "past_due",
    planSlug: "pro",
    interval: "year",
    period: { start: new Date("2026-01-31T23:59:59.999Z"), end: at(1) },
    billingCycleAnchor: new Date("2024-02-29T12:00:00.001Z"),
    cancelAt: at(2),
    trialEnd: at(3),
    endedAt: at(4),
    unpaidSince: at(5),
    unpaidChangeSince: at(6),
    ...changes,
  };
}

/** A paid period with two charges. */
export function samplePaidPeriod(changes: Partial<PaidPeriod> = {}): PaidPeriod {
  return {
    start: at(10),
    end: at(11),
    invoiceId: "in_1",
    charges: [
      { planSlug: "starter", period: { start: at(12), end: at(13) } },
      { planSlug: "pro", period: { start: at(14), end: at(15) } },
    ],
    ...changes,
  };
}

/** A standing in which every field has a value. */
export function sampleStanding(changes: Partial<Standing> = {}): Standing {
  return {
    subscription: {
      id: "sub_1",
      status: "past_due",
      billingCycleAnchor: new Date("2024-02-29T12:00:00.001Z"),
      endedAt: at(4),
      collectionPaused: true,
      item: {
        id: "si_1",
        priceId: "price_1",
        planSlug: "pro",
        period: { start: at(40), end: at(41) },
      },
    },
    debts: [{ invoiceId: "in_4", cause: "renewal", from: at(42), since: at(43) }],
    lines: [
      {
        basis: "lent",
        lentUntil: at(44),
        planSlug: "starter",
        period: { start: at(45), end: at(46) },
        opens: true,
        creditedFrom: at(47),
        trial: false,
        settledAt: at(48),
      },
    ],
    creditedUnpaid: ["in_5"],
    ...changes,
  };
}

/** A Checkout that was asked for. */
export function sampleCheckout(changes: Partial<CheckoutIntent> = {}): CheckoutIntent {
  return {
    attempt: 7,
    planSlug: "pro",
    interval: "month",
    priceId: "price_1",
    successUrl: "https://app.example.com/ok?session={CHECKOUT_SESSION_ID}&a=1#b",
    cancelUrl: "https://app.example.com/cancel",
    expiresAt: at(20),
    trialDays: 14,
    ...changes,
  };
}

/** An entry of the audit trail. */
export function sampleAuditEntry(revision: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    tenantId: "t_acme",
    revision,
    at: at(revision),
    cause: { type: "event", eventId: "evt_1", eventType: "invoice.paid" },
    fields: [{ field: "subscription.status", before: "past_due", after: "active" }],
    ...changes,
  };
}

function sampleChange(): AccountChange {
  const { tenantId: _, ...change } = sampleAuditEntry(1);
  return change;
}

/** An account that was never saved and in which every field has a value. */
export function sampleAccount(changes: Partial<BillingAccount> = {}): BillingAccount {
  return {
    ...newAccount("t_acme"),
    customerId: "cus_acme",
    subscription: sampleSubscription(),
    paidPeriod: samplePaidPeriod(),
    standing: sampleStanding(),
    knownSince: at(30),
    inForce: ["sub_1"],
    endedDuplicates: [
      { id: "sub_2", givenBack: ["in_2", "in_3"] },
      { id: "sub_3", givenBack: [] },
    ],
    checkout: sampleCheckout(),
    ...changes,
  };
}

/** The same account with the change that led to it. */
export function sampleRecord(changes: Partial<AccountRecord> = {}): AccountRecord {
  return { ...sampleAccount(), lastChange: sampleChange(), ...changes };
}

/** A ledger entry in which every field has a value; its key and hash follow from its `seq`. */
export function sampleEntry(seq: number, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    tenantId: "t_acme",
    seq,
    key: `grant:sub_1:${seq}`,
    kind: "grant",
    amount: -250,
    expired: 750,
    monthly: 500,
    packs: 40,
    debt: 3,
    reserved: 12,
    grant: { key: `grant:sub_1:${seq}`, tokens: 500, expiresAt: at(seq) },
    hold: { monthly: 7, packs: 5, grantKey: `grant:sub_1:${seq}`, expiresAt: at(seq + 1) },
    reason: "a reason",
    source: "invoice:in_1",
    halted: true,
    at: at(-seq),
    previousHash: seq === 1 ? "" : fakeHash(seq - 1),
    hash: fakeHash(seq),
    ...changes,
  };
}

/** An event in which every field has a value. */
export function sampleEvent(id: string, changes: Partial<BillingEvent> = {}): BillingEvent {
  return {
    id,
    type: "invoice.paid",
    createdAt: at(-1_000),
    livemode: true,
    connectedAccount: "acct_1",
    customerId: "cus_acme",
    payload: `{"id": "${id}",\n  "object": "event"}`,
    ...changes,
  };
}

/** A catalogue with a free, an unlimited and an inactive plan, never saved. */
export function sampleCatalog(changes: Partial<Catalog> = {}): Catalog {
  const limits = { monthlyEmailLimit: 0, maxDomains: 1, maxMembers: 2, maxTemplates: 3 };
  const unlimited = {
    monthlyEmailLimit: null,
    maxDomains: null,
    maxMembers: null,
    maxTemplates: null,
  };
  const price = { interval: "month", amount: 1_900, currency: "eur", priceId: "price_1" } as const;
  const yearly = { ...price, interval: "year", amount: 19_000, priceId: "price_2" } as const;
  const paidOnce = { amount: 500, currency: "eur", productId: "prod_3" };
  const most = Number.MAX_SAFE_INTEGER;
  const free = { slug: "free", name: "Free", rank: 0, active: true, ...limits };
  const pro = { slug: "pro", name: DIFFICULT_TEXT, rank: 10, active: true, ...unlimited };
  const old = { slug: "old", name: "Old", rank: -1, active: false, ...limits };
  return {
    revision: 0,
    plans: [
      { ...free, tokensIncludedMonth: 0, productId: null, prices: [] },
      { ...pro, tokensIncludedMonth: 50_000, productId: "prod_1", prices: [price, yearly] },
      { ...old, tokensIncludedMonth: 1, productId: "prod_2", prices: [price] },
    ],
    packs: [
      {
        slug: "small",
        name: DIFFICULT_TEXT,
        active: true,
        tokens: 1,
        ...paidOnce,
        priceId: "price_3",
      },
      { slug: "gone", name: "Gone", active: false, tokens: most, ...paidOnce, priceId: "price_4" },
    ],
    portalConfigurationId: "bpc_1",
    ...changes,
  };
}

function fakeHash(seq: number): string {
  return seq.toString(16).padStart(64, "0");
}
