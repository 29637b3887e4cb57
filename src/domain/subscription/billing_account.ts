import type { Interval } from "../catalog/catalog.ts";
import { isBefore } from "../instants.ts";
import { requireKey } from "../text.ts";
import type { AccountChange } from "./account_change.ts";
import type { Period } from "./billing_period.ts";
import type { EndReason, SnapshotPaymentMethod } from "./customer_snapshot.ts";
import { NO_STANDING, type Standing } from "./standing.ts";
import { requiresPayment, type SubscriptionStatus } from "./subscription.ts";

/** The tenant's subscription for display, as of the last look at the payment provider. */
export interface AccountSubscription {
  readonly id: string;
  readonly status: SubscriptionStatus;
  /** `null` if none of its prices belongs to a plan. */
  readonly planSlug: string | null;
  readonly interval: Interval | null;
  /** The current period of the plan's item (P11). It advances before the renewal is paid. */
  readonly period: Period;
  /** When a scheduled cancellation takes effect (P13). */
  readonly cancelAt: Date | null;
  readonly trialEnd: Date | null;
  readonly endedAt: Date | null;
  /** Why it ended, or is set to end; `null` if the payment provider does not say. */
  readonly endReason: EndReason | null;
  readonly collectionMethod: "charge_automatically" | "send_invoice";
  /** A change to another plan or interval that is already arranged. */
  readonly scheduledChange: ScheduledChange | null;
  /** What to pay for each debt in `standing`, in the same order. */
  readonly payments: readonly OwedPayment[];
  /** Payments of its invoices that are on their way; `null` if there is none. */
  readonly processing: ProcessingPayment | null;
  /** An estimate of the next invoice; `null` if none will come. */
  readonly nextInvoice: ExpectedInvoice | null;
  readonly paymentMethod: SnapshotPaymentMethod | null;
}

/** A plan change arranged for later. */
export interface ScheduledChange {
  /** `null` if its price belongs to no plan. */
  readonly planSlug: string | null;
  readonly interval: Interval | null;
  readonly effectiveAt: Date;
}

/**
 * An invoice the tenant must pay, less what is on its way. Amounts are in minor units of `currency`.
 */
export interface OwedPayment {
  readonly invoiceId: string;
  readonly amount: number;
  readonly currency: string;
  readonly dueAt: Date | null;
  /** Where to pay it; `null` while it is a draft. */
  readonly invoiceUrl: string | null;
}

/**
 * What payments that have begun will pay, as bank debits do after some days. Nobody has to do
 * anything about it; if one fails, it is owed again. Minor units of `currency`.
 */
export interface ProcessingPayment {
  readonly amount: number;
  readonly currency: string;
}

export interface ExpectedInvoice {
  readonly amount: number;
  readonly currency: string;
  readonly at: Date;
}

/**
 * The Checkout that the tenant last asked for. Stored before the call, so that it survives a crash
 * (P18, P22).
 */
export interface CheckoutIntent {
  /** Part of the idempotency key: the same attempt creates the same session. */
  readonly attempt: number;
  readonly planSlug: string;
  readonly interval: Interval;
  readonly priceId: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly expiresAt: Date;
  /** Days before the first payment; `null` if it is due at once. */
  readonly trialDays: number | null;
}

/** A subscription that we ended as a double payment (P18). */
export interface EndedDuplicate {
  readonly id: string;
  /** What we refunded per invoice, in minor units. Later payments are refunded, too. */
  readonly givenBack: readonly { readonly invoiceId: string; readonly amount: number }[];
}

/**
 * How personal data is removed at the payment provider: `empty` takes it off the customer, `delete`
 * removes the customer, too.
 */
export const REDACTIONS = ["empty", "delete"] as const;

/** One of {@link REDACTIONS}. */
export type Redaction = (typeof REDACTIONS)[number];

/** The end of a tenant, as an operator has decided it (P44). */
export interface Ending {
  /** From then on nothing may be sent, spent or bought. */
  readonly at: Date;
  readonly when: "now" | "period_end";
  /** What is given back of the last paid plan line; `null` for nothing. */
  readonly refund: EndingRefund | null;
  /** What becomes of the customer at the payment provider; `null` if it stays as it is. */
  readonly redact: Redaction | null;
}

/** Money to give back. Minor units of `currency`. */
export interface EndingRefund {
  readonly invoiceId: string;
  readonly amount: number;
  readonly currency: string;
}

/**
 * What a look saw, and what it made of it, as two numbers. As long as the payment provider's lists
 * give the same facts and the account is still what the look left, another look would change
 * nothing (P37).
 */
export interface Seen {
  readonly facts: number;
  /** Stands for the account as the look left it. */
  readonly state: number;
}

/** Everything we know about a tenant's billing: the aggregate root, one per tenant. */
export interface BillingAccount {
  readonly tenantId: string;
  /** Grows by one with every save; 0 for an account that was never saved. */
  readonly revision: number;
  /** The payment provider's customer, unique across tenants (P16). */
  readonly customerId: string | null;
  readonly subscription: AccountSubscription | null;
  /**
   * What the last look at the tenant's billing came to. `null` for a tenant whose customer was
   * stored by a release that did not keep it: nothing is decided before the next look.
   */
  readonly standing: Standing | null;
  /** When the tenant got its customer here. Months that ended before are not made good (P26). */
  readonly knownSince: Date | null;
  /** When the last look began; `null` before the first. A month that began later needs another. */
  readonly lookedAt: Date | null;
  /** Lets a comparison with the provider's lists spare a look; `null` where only a look can tell. */
  readonly seen: Seen | null;
  /**
   * Subscriptions of which a month was ever in force or made good, also those of a customer that was
   * deleted: no double payments (P18), no money for nothing (P41).
   */
  readonly inForce: readonly string[];
  readonly endedDuplicates: readonly EndedDuplicate[];
  readonly checkout: CheckoutIntent | null;
  /** `null` unless the tenant was ended, or will be. */
  readonly ending: Ending | null;
}

/** An account as stored, with the change that led to it. */
export interface AccountRecord extends BillingAccount {
  /** Missing until the first recorded change (P38). */
  readonly lastChange?: AccountChange;
}

/**
 * The account of a tenant that has not done anything yet.
 *
 * @throws {TypeError} for a tenant's id that can be none (P46)
 */
export function newAccount(tenantId: string): BillingAccount {
  return {
    tenantId: requireKey(tenantId, "tenant's id"),
    revision: 0,
    customerId: null,
    subscription: null,
    standing: NO_STANDING,
    knownSince: null,
    lookedAt: null,
    seen: null,
    inForce: [],
    endedDuplicates: [],
    checkout: null,
    ending: null,
  };
}

/**
 * Whether the tenant has ended: its money gives it nothing any more (P44). One that was ended at once
 * has, whatever the clock of whoever asks says.
 */
export function isEnded({ ending }: Pick<BillingAccount, "ending">, now: Date): boolean {
  return ending !== null && (ending.when === "now" || !isBefore(now, ending.at));
}

/** Links the account to its customer at the payment provider, as of now. */
export function withCustomer(
  account: BillingAccount,
  customerId: string,
  now: Date,
): BillingAccount {
  return { ...account, customerId, knownSince: account.knownSince ?? now };
}

/**
 * Whether another plan can be sold to a tenant: not before it has paid what it owes (P17), nor when
 * an operator ends it (P44).
 */
export function canBuyPlan({ subscription, ending }: BillingAccount): boolean {
  return ending === null && !(subscription !== null && requiresPayment(subscription.status));
}

/** The form of a tenant id. */
export const TENANT_ID_PATTERN = "^[a-z][a-z0-9_]{3,63}$";

const TENANT_ID = new RegExp(TENANT_ID_PATTERN);

/**
 * Checks a tenant id: 4 to 64 lower-case letters, digits and underscores, starting with a letter.
 */
export function isTenantId(text: string): boolean {
  return TENANT_ID.test(text);
}
