import type { BillingPayments } from "../application/ports/billing_payments.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { Clock } from "../application/ports/clock.ts";
import type { RaiseAlert } from "../application/ports/subscription/raise_alert.ts";
import type { RedirectPolicy } from "../domain/checkout/redirect_url.ts";
import type { RetryPolicy } from "../domain/events/billing_event.ts";
import type { DuplicatePolicy } from "../domain/subscription/billing_alert.ts";
import type { EmailQuotaSettings } from "./wire_email_quota.ts";

/** What an operator can decide about the billing rules. */
export interface BillingSettings {
  /** Where the Portal returns to when a request names nothing else. */
  readonly dashboardUrl: string;
  readonly redirects: RedirectPolicy;
  /** Access while a renewal is unpaid, in days. */
  readonly graceDays: number;
  /** Whether this deployment works with live money; events of the other mode are ignored. */
  readonly livemode: boolean;
  readonly eventRetry: RetryPolicy;
  /** How long one attempt at an event may take before others may take it over. Milliseconds. */
  readonly eventLeaseMs: number;
  /** How long an event is left to the delivery that brought it. Milliseconds. */
  readonly eventFirstAttemptMs: number;
  /** How many events that are due are handled at once, per process. */
  readonly workerConcurrency: number;
  /** How long events are kept that ended well, in days. */
  readonly eventRetentionDays: number;
  readonly emailQuota?: EmailQuotaSettings;
  /** What is done about double payments. Default: `cancel-and-refund`. */
  readonly duplicatePolicy?: DuplicatePolicy | undefined;
}

/** What the use cases are wired to. */
export interface BillingDependencies {
  readonly store: BillingStore;
  readonly payments: BillingPayments;
  readonly clock: Clock;
  readonly settings: BillingSettings;
  /** Tells the operator. Default: nobody is told. */
  readonly raiseAlert?: RaiseAlert | undefined;
}
