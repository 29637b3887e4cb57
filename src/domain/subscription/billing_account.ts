import type { Interval } from "../catalog/catalog.ts";
import type { AccountChange } from "./account_change.ts";
import type { Period } from "./billing_period.ts";
import { NO_STANDING, type Standing } from "./standing.ts";
import { requiresPayment, type SubscriptionStatus } from "./subscription.ts";

/** The tenant's subscription, as of the last look at the payment provider. */
export interface AccountSubscription {
  readonly id: string;
  readonly status: SubscriptionStatus;
  /** `null` when its product is in no plan of the catalogue. */
  readonly planSlug: string | null;
  readonly interval: Interval | null;
  /** The current period of the plan's item (P11); it rolls before the renewal is paid. */
  readonly period: Period;
  readonly billingCycleAnchor: Date;
  /** When a scheduled cancellation takes effect (P13). */
  readonly cancelAt: Date | null;
  readonly trialEnd: Date | null;
  readonly endedAt: Date | null;
  /** When the oldest invoice of the unpaid periods was finalised; `null` when nothing is due. */
  readonly unpaidSince: Date | null;
  /** The same of invoices for a change within a paid period, such as an upgrade. */
  readonly unpaidChangeSince: Date | null;
}

/** Something that was paid for within a period. */
export interface Charge {
  readonly planSlug: string;
  readonly period: Period;
}

/** The last period that was opened by a paid invoice, and all that was paid for in it. */
export interface PaidPeriod extends Period {
  /** The invoice that opened it. */
  readonly invoiceId: string;
  readonly charges: readonly Charge[];
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
  /** Its invoices whose payment was given back; what is paid later is given back, too. */
  readonly givenBack: readonly string[];
}

/** What we know of a tenant's billing: the aggregate root, one per tenant. */
export interface BillingAccount {
  readonly tenantId: string;
  /** Grows by one on every save; 0 is an account that was never saved. */
  readonly revision: number;
  /** The payment provider's customer; unique over all tenants (P16). */
  readonly customerId: string | null;
  readonly subscription: AccountSubscription | null;
  readonly paidPeriod: PaidPeriod | null;
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
    paidPeriod: null,
    standing: NO_STANDING,
    knownSince: null,
    inForce: [],
    endedDuplicates: [],
    checkout: null,
  };
}

/** Whether a tenant has to pay what it owes before it can buy anything else (P17). */
export function isPaymentDue({ subscription }: BillingAccount): boolean {
  return subscription !== null && requiresPayment(subscription.status);
}

/** Tenant ids: 4 to 64 lower-case letters, digits and underscores, beginning with a letter. */
export function isTenantId(text: string): boolean {
  return /^[a-z][a-z0-9_]{3,63}$/.test(text);
}
