import type { EmailQuotaUseCases } from "../application/email_quota_use_cases.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { Clock } from "../application/ports/clock.ts";
import {
  ConsumeEmailQuota,
  type StoreFailurePolicy,
} from "../application/quota/consume_email_quota.ts";
import { EmailQuotaCounters } from "../application/quota/email_quota_counters.ts";
import { LEASE_SETTINGS, type LeaseSettings } from "../application/quota/held_lease.ts";
import { LeasedEmailUsageStore } from "../application/quota/leased_email_usage_store.ts";
import { ReadUsage } from "../application/quota/read_usage.ts";
import { RefreshEmailQuota } from "../application/quota/refresh_email_quota.ts";
import { ReleaseEmailQuota } from "../application/quota/release_email_quota.ts";
import { startLeaseSweeper } from "../application/quota/start_lease_sweeper.ts";
import { UncountedEmails } from "../application/quota/uncounted_emails.ts";

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

const MAX_AGE_MS = 600_000;

/** The quota's use cases, and the end of them. */
export interface WiredEmailQuota {
  readonly useCases: EmailQuotaUseCases;
  /** Gives leases back and counts what was not counted yet, as far as the store allows. */
  close(): Promise<void>;
}

/** Wires the use cases of the e-mail quota to a store. */
export function wireEmailQuota(
  store: Pick<BillingStore, "accounts" | "catalog" | "emailUsage" | "emailLeases">,
  { clock, graceDays, settings }: { clock: Clock; graceDays: number; settings: EmailQuotaSettings },
): WiredEmailQuota {
  const { accounts, catalog, emailLeases: leases } = store;
  const leased = settings.leases && leaseStore(store, { clock, settings: settings.leases });
  const usage = leased?.store ?? store.emailUsage;
  const counters = new EmailQuotaCounters();
  const uncounted = new UncountedEmails({ usage, counters, clock });
  const refreshEmailQuota = new RefreshEmailQuota(
    { accounts, catalog, usage, leases, clock },
    { graceDays, quotaMaxAgeMs: settings.maxAgeMs ?? MAX_AGE_MS },
  );
  const useCases = {
    consumeEmailQuota: new ConsumeEmailQuota(
      { usage, refreshEmailQuota, uncounted, counters, clock },
      { graceDays, whenStoreFails: settings.whenStoreFails ?? "closed" },
    ),
    releaseEmailQuota: new ReleaseEmailQuota({ usage, uncounted, clock }),
    readUsage: new ReadUsage({ usage, refreshEmailQuota, clock }),
    refreshEmailQuota,
  };
  const close = async () => {
    await leased?.close();
    await uncounted.settle();
  };
  return { useCases, close };
}

function leaseStore(
  { emailUsage: usage, emailLeases: leases }: Pick<BillingStore, "emailUsage" | "emailLeases">,
  { clock, settings }: { clock: Clock; settings: Partial<LeaseSettings> },
) {
  const all = { ...LEASE_SETTINGS, ...settings };
  const store = new LeasedEmailUsageStore({ usage, leases, clock }, all);
  const stop = startLeaseSweeper(store, all.idleMs / 2);
  const close = async () => {
    await stop();
    await store.close();
  };
  return { store, close };
}
