import type { Interval } from "../catalog/catalog.ts";
import type { AccountChange } from "./account_change.ts";
import type { Period } from "./billing_period.ts";
import type { SnapshotPaymentMethod } from "./customer_snapshot.ts";
import { NO_STANDING, type Standing } from "./standing.ts";
import { requiresPayment, type SubscriptionStatus } from "./subscription.ts";

/** The tenant's subscription as it is shown, as of the last look at the payment provider. */
export interface AccountSubscription {
  readonly id: string;
  readonly status: SubscriptionStatus;
  /** `null` when none of its prices is a plan's. */
  readonly planSlug: string | null;
  readonly interval: Interval | null;
  /** The current period of the plan's item (P11); it rolls before the renewal is paid. */
  readonly period: Period;
  /** When a scheduled cancellation takes effect (P13). */
  readonly cancelAt: Date | null;
  readonly trialEnd: Date | null;
  readonly endedAt: Date | null;
  readonly collectionMethod: "charge_automatically" | "send_invoice";
  /** Another plan or interval that is already arranged. */
  readonly scheduledChange: ScheduledChange | null;
  /** What has to be paid for each debt of its standing, in their order. */
  readonly payments: readonly OwedPayment[];
  /** What the next invoice will come to, as far as can be told; `null` where none will come. */
  readonly nextInvoice: ExpectedInvoice | null;
  readonly paymentMethod: SnapshotPaymentMethod | null;
}

/** A change of plan that is arranged for later. */
export interface ScheduledChange {
  /** `null` when its price is in no plan. */
  readonly planSlug: string | null;
  readonly interval: Interval | null;
  readonly effectiveAt: Date;
}

/** An invoice that has to be paid. Amounts are in minor units of `currency`. */
export interface OwedPayment {
  readonly invoiceId: string;
  readonly amount: number;
  readonly currency: string;
  readonly dueAt: Date | null;
  /** Where it is paid; `null` while it is a draft. */
  readonly invoiceUrl: string | null;
}

/** An invoice to come. */
export interface ExpectedInvoice {
  readonly amount: number;
  readonly currency: string;
  readonly at: Date;
}

/** The Checkout that a tenant has asked for last; it survives a crash during the call (P18, P22). */
export interface CheckoutIntent {
  /** Part of the idempotency key: the same attempt makes the same session. */
  readonly attempt: number;
  readonly planSlug: string;
  readonly interval: Interval;
  readonly priceId: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly expiresAt: Date;
  /** Days before the first payment; `null` where it is due at once. */
  readonly trialDays: number | null;
}

/** A subscription that was ended because it was a double payment (P18). */
export interface EndedDuplicate {
  readonly id: string;
  /** What was given back, in minor units, by invoice; what is paid later is given back, too. */
  readonly givenBack: readonly { readonly invoiceId: string; readonly amount: number }[];
}

/** What we know of a tenant's billing: the aggregate root, one per tenant. */
export interface BillingAccount {
  readonly tenantId: string;
  /** Grows by one on every save; 0 is an account that was never saved. */
  readonly revision: number;
  /** The payment provider's customer; unique over all tenants (P16). */
  readonly customerId: string | null;
  readonly subscription: AccountSubscription | null;
  /**
   * What its billing has come to at the last look. `null` for a tenant with a customer that was
   * stored by a release that did not keep it: nothing is decided before the next look.
   */
  readonly standing: Standing | null;
  /** When the tenant got its customer here: months over before are not made good (P26). */
  readonly knownSince: Date | null;
  /** Live subscriptions of which a month was ever in force: they are no double payments (P18). */
  readonly inForce: readonly string[];
  readonly endedDuplicates: readonly EndedDuplicate[];
  readonly checkout: CheckoutIntent | null;
}

/** An account as it is stored: with the change that led to it. */
export interface AccountRecord extends BillingAccount {
  /** None before the first change that was recorded (P38). */
  readonly lastChange?: AccountChange;
}

/** The account of a tenant that has done nothing yet. */
export function newAccount(tenantId: string): BillingAccount {
  return {
    tenantId,
    revision: 0,
    customerId: null,
    subscription: null,
    standing: NO_STANDING,
    knownSince: null,
    inForce: [],
    endedDuplicates: [],
    checkout: null,
  };
}

/** The account with its customer at the payment provider, known from now on. */
export function withCustomer(
  account: BillingAccount,
  customerId: string,
  now: Date,
): BillingAccount {
  return { ...account, customerId, knownSince: account.knownSince ?? now };
}

/** Whether a tenant has to pay what it owes before it can buy anything else (P17). */
export function isPaymentDue({ subscription }: BillingAccount): boolean {
  return subscription !== null && requiresPayment(subscription.status);
}

/** Tenant ids: 4 to 64 lower-case letters, digits and underscores, beginning with a letter. */
export function isTenantId(text: string): boolean {
  return /^[a-z][a-z0-9_]{3,63}$/.test(text);
}
