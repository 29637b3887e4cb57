import type { Billing } from "../application/billing.ts";
import { DatabaseClock } from "../application/installation/database_clock.ts";
import type { BillingPayments } from "../application/ports/billing_payments.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { Clock } from "../application/ports/clock.ts";
import type { RaiseAlert } from "../application/ports/subscription/raise_alert.ts";
import type { StoreFailurePolicy } from "../application/quota/consume_email_quota.ts";
import type { LeaseSettings } from "../application/quota/held_lease.ts";
import type { BillingSettings } from "./billing_settings.ts";
import { wireBilling } from "./container.ts";

/** What a service that embeds billing decides; what is left out has the defaults named here. */
export interface EmbeddedSettings {
  /** Whether the payment provider's key moves live money. */
  readonly livemode: boolean;
  /** Where the Customer Portal returns to. */
  readonly dashboardUrl: string;
  /** Origins that Checkout and Portal may return to. Default: the dashboard's. */
  readonly allowedRedirectOrigins?: readonly string[];
  /** Whether they may be plain http on loopback hosts. Default: false. */
  readonly allowHttpLoopback?: boolean;
  /** Access while a renewal is unpaid, in days. Default: 14. */
  readonly graceDays?: number;
  /**
   * Whether a tenant that paid for two subscriptions gets the newer payment back; else it is only
   * told. Default: true.
   */
  readonly refundDuplicates?: boolean;
  readonly events?: EmbeddedEventSettings;
  readonly emailQuota?: EmailQuotaSettings;
}

/** How stored events are handled; what is left out has the defaults named here. */
export interface EmbeddedEventSettings {
  /** Attempts after which an event is dead. Default: 12. */
  readonly maxAttempts?: number;
  /** Wait after the first failure; doubles with each further one. Default: 1,000 ms. */
  readonly retryBaseMs?: number;
  /** Longest wait. Default: 3,600,000 ms. */
  readonly retryMaxMs?: number;
  /** How long one attempt may take before others may take the event over. Default: 60,000 ms. */
  readonly leaseMs?: number;
  /** How long an event is left to the delivery that brought it. Default: 15,000 ms. */
  readonly firstAttemptMs?: number;
  /** How many events that are due are handled at once, per process. Default: 8. */
  readonly concurrency?: number;
  /** How long events are kept that ended well. Default: 90. */
  readonly retentionDays?: number;
}

/** What an operator can decide about the counting of e-mails. */
export interface EmailQuotaSettings {
  /** What becomes of sends while the store is down (P34). Default: `closed`, they are refused. */
  readonly whenStoreFails?: StoreFailurePolicy;
  /** Counts from blocks that this process reserves; left out, each send is a call to the store. */
  readonly leases?: Partial<LeaseSettings>;
  /**
   * After how long a quota is decided anew when nothing else demands it, and so how long a changed
   * catalogue may take. Default: 600,000 ms.
   */
  readonly maxAgeMs?: number;
}

/** What `createBilling` needs. */
export interface CreateBillingOptions {
  readonly store: BillingStore;
  readonly payments: BillingPayments;
  readonly settings: EmbeddedSettings;
  /**
   * Is believed as it is. Default: the system's, which is compared with the payment provider's and
   * the database's: where they are more than 30 s apart, no months are begun.
   */
  readonly clock?: Clock;
  /** Is told of what an operator should know at once. Default: nobody is. */
  readonly raiseAlert?: RaiseAlert;
}

/** The use cases, and the end of them. */
export interface EmbeddedBilling extends Billing {
  /** Gives back what is reserved, and closes the store. */
  close(): Promise<void>;
}

/** Wires the use cases. Nothing is contacted before the first of them is executed. */
export function createBilling(options: CreateBillingOptions): EmbeddedBilling {
  const { store, payments, settings } = options;
  const { billing, close } = wireBilling({
    store,
    payments,
    ...timeOf(options),
    settings: billingSettings(settings),
    raiseAlert: options.raiseAlert,
  });
  return { ...billing, close };
}

/** A clock that is given is believed; the system's is compared with the others that there are. */
function timeOf({ clock, store, payments }: CreateBillingOptions) {
  return clock === undefined
    ? {
        clock: () => new Date(),
        otherClocks: { stripe: payments.clock, database: new DatabaseClock(store) },
      }
    : { clock };
}

function billingSettings(settings: EmbeddedSettings): BillingSettings {
  return {
    livemode: settings.livemode,
    dashboardUrl: settings.dashboardUrl,
    redirects: {
      allowedOrigins: settings.allowedRedirectOrigins ?? [new URL(settings.dashboardUrl).origin],
      allowHttpLoopback: settings.allowHttpLoopback ?? false,
    },
    graceDays: settings.graceDays ?? 14,
    refundDuplicates: settings.refundDuplicates ?? true,
    ...eventSettings(settings.events ?? {}),
    quotaWhenStoreFails: settings.emailQuota?.whenStoreFails ?? "closed",
    quotaMaxAgeSeconds: (settings.emailQuota?.maxAgeMs ?? 600_000) / 1_000,
    quotaLeases: settings.emailQuota?.leases ?? null,
  };
}

function eventSettings(events: EmbeddedEventSettings) {
  return {
    eventMaxAttempts: events.maxAttempts ?? 12,
    eventRetryBaseMs: events.retryBaseMs ?? 1_000,
    eventRetryMaxMs: events.retryMaxMs ?? 3_600_000,
    eventLeaseSeconds: (events.leaseMs ?? 60_000) / 1_000,
    eventFirstAttemptSeconds: (events.firstAttemptMs ?? 15_000) / 1_000,
    workerConcurrency: events.concurrency ?? 8,
    eventRetentionDays: events.retentionDays ?? 90,
  };
}

export type { AuditPage } from "../application/audit/list_audit_entries.ts";
