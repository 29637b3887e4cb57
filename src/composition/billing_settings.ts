import type { BillingPayments } from "../application/ports/billing_payments.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { Clock, OtherClocks } from "../application/ports/clock.ts";
import type { RaiseAlert } from "../application/ports/subscription/raise_alert.ts";
import type { StoreFailurePolicy } from "../application/quota/consume_email_quota.ts";
import type { LeaseSettings } from "../application/quota/held_lease.ts";
import type { RedirectPolicy } from "../domain/checkout/redirect_url.ts";

/** What an operator can decide about the billing rules. */
export interface BillingSettings {
  /** Where the Portal returns to when a request names nothing else. */
  readonly dashboardUrl: string;
  readonly redirects: RedirectPolicy;
  /** Access while a renewal is unpaid. */
  readonly graceDays: number;
  /** Whether this deployment works with live money; events of the other mode are ignored. */
  readonly livemode: boolean;
  /** Attempts after which an event is dead. */
  readonly eventMaxAttempts: number;
  /** Wait after the first failure; doubles with each further one. */
  readonly eventRetryBaseMs: number;
  /** Longest wait. */
  readonly eventRetryMaxMs: number;
  /** How long one attempt at an event may take before others may take it over. */
  readonly eventLeaseSeconds: number;
  /** How long an event is left to the delivery that brought it. */
  readonly eventFirstAttemptSeconds: number;
  /** How many events that are due are handled at once, per process. */
  readonly workerConcurrency: number;
  /** How long events are kept that ended well. */
  readonly eventRetentionDays: number;
  /** What becomes of sends while the store is down (P34). */
  readonly quotaWhenStoreFails: StoreFailurePolicy;
  /** After how long a quota is decided anew when nothing else demands it. */
  readonly quotaMaxAgeSeconds: number;
  /** Counts from blocks that this process reserves; `null`: each send is a call to the store. */
  readonly quotaLeases: Partial<LeaseSettings> | null;
  /** Whether a tenant that paid for two subscriptions gets the newer payment back. */
  readonly refundDuplicates: boolean;
}

/** What the use cases are wired to. */
export interface BillingDependencies {
  readonly store: BillingStore;
  readonly payments: BillingPayments;
  readonly clock: Clock;
  /** Whose clocks that one is compared with. Default: none, it is believed. */
  readonly otherClocks?: OtherClocks;
  readonly settings: BillingSettings;
  /** Tells the operator. Default: nobody is told. */
  readonly raiseAlert?: RaiseAlert | undefined;
}
