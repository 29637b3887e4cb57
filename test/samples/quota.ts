import type { Billing } from "../../src/application/billing.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import type { ConsumeEmailQuotaCommand } from "../../src/application/quota/consume_email_quota.ts";
import type { QuotaDecision } from "../../src/domain/quota/email_quota.ts";
import { TENANT } from "./account.ts";
import { afterNow, NOW, THIS_MONTH } from "./dates.ts";

/** A decision for 100 e-mails in the month of `NOW` that holds at `NOW`. */
export function sampleDecision(changes: Partial<QuotaDecision> = {}): QuotaDecision {
  return {
    period: THIS_MONTH,
    limit: 100,
    accountRevision: 3,
    catalogRevision: 2,
    decidedAt: NOW,
    validUntil: afterNow(60_000),
    ...changes,
  };
}

/** Counts `count` e-mails at `NOW`; answers what is used then, or `null` when nothing was counted. */
export async function consumed(store: EmailUsageStore, count: number): Promise<number | null> {
  return (await store.consume(TENANT, { count, now: NOW }))?.used ?? null;
}

/** What is used. */
export async function used(store: EmailUsageStore): Promise<number | undefined> {
  return (await store.find(TENANT))?.used;
}

/** How the samples lease. */
export const LEASE_SETTINGS = {
  quotaLeaseEmails: 1_000,
  quotaLeaseSeconds: 30,
  quotaLeaseIdleSeconds: 5,
};

/** What a store that is down throws. */
export const DOWN = new PortError("Cannot count e-mails: no connection", { transient: true });

/** Counts e-mails of the samples' tenant. */
export function consume(billing: Billing, command: Partial<ConsumeEmailQuotaCommand> = {}) {
  return billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1, ...command });
}

/** A usage store that fails while it is told to. */
export function unreliable(usage: EmailUsageStore): EmailUsageStore & { down: boolean } {
  const guarded = <A extends unknown[], T>(call: (...parameters: A) => Promise<T>) => {
    return (...parameters: A): Promise<T> =>
      store.down ? Promise.reject(DOWN) : call.apply(usage, parameters);
  };
  const store = {
    down: false,
    find: guarded(usage.find),
    consume: guarded(usage.consume),
    consumeOnce: guarded(usage.consumeOnce),
    giveBack: guarded(usage.giveBack),
    release: guarded(usage.release),
    add: guarded(usage.add),
    refresh: guarded(usage.refresh),
  };
  return store;
}
