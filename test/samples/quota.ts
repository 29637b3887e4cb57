import type { Billing } from "../../src/application/billing.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import type { ConsumeEmailQuotaCommand } from "../../src/application/quota/consume_email_quota_outcome.ts";
import { type DecideEmailMonths, decideEmailMonths } from "../../src/domain/quota/email_months.ts";
import type { EmailUsage } from "../../src/domain/quota/email_quota.ts";
import type { MonthLook } from "../../src/domain/quota/month_look.ts";
import type { Period } from "../../src/domain/subscription/billing_period.ts";
import type { Month } from "../../src/domain/subscription/month.ts";
import { TENANT } from "./account.ts";
import { afterNow, NOW, THIS_MONTH } from "./dates.ts";

/** What a decision puts in force, without what was used. */
export type SampleDecision = Omit<EmailUsage, "tenantId" | "used">;

/** A decision for 100 e-mails in the month of `NOW` that holds at `NOW`. */
export function sampleDecision(changes: Partial<SampleDecision> = {}): SampleDecision {
  const { period = THIS_MONTH } = changes;
  return {
    month: `sub_1:${period.start.toISOString()}`,
    period,
    limit: 100,
    accountRevision: 3,
    catalogRevision: 2,
    decidedAt: new Date(Math.max(+NOW, +period.start)),
    validUntil: afterNow(60_000),
    refusedAt: null,
    ...changes,
  };
}

/** A month of the samples' subscription with so many e-mails from its start on. */
export function sampleMonth(period: Period, limit: number | null, changes?: Partial<Month>): Month {
  return {
    ...period,
    name: `sub_1:${period.start.toISOString()}`,
    subscriptionId: "sub_1",
    over: period.end,
    parts: [{ from: period.start, emails: limit, tokens: 0 }],
    least: { emails: 0, tokens: 0 },
    inherits: null,
    creditedFrom: null,
    settledAt: period.start,
    ...changes,
  };
}

/** A look that puts the last of some months in force. */
export function sampleLook(...months: readonly [Month, ...Month[]]): MonthLook {
  return {
    measure: "emails",
    month: months.at(-1) ?? months[0],
    months,
    goesOn: false,
    subscriptionLives: true,
    knownSince: null,
  };
}

/** What makes `sampleDecision` the one in force. */
export function sampleDecide(changes: Partial<SampleDecision> = {}): DecideEmailMonths {
  const { period, limit, month: name, refusedAt: _, ...basis } = sampleDecision(changes);
  const look = sampleLook(sampleMonth(period, limit, { name }));
  return (before) => decideEmailMonths(before, { look, basis });
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
  const guarded = <A extends unknown[], R>(call: (...parameters: A) => R) => {
    return (...parameters: A): R | Promise<never> =>
      store.down ? Promise.reject(DOWN) : call.apply(usage, parameters);
  };
  const store = {
    down: false,
    find: guarded(usage.find),
    findMonths: guarded(usage.findMonths),
    consume: guarded(usage.consume),
    consumeOnce: guarded(usage.consumeOnce),
    giveBack: guarded(usage.giveBack),
    release: guarded(usage.release),
    noteRefusal: guarded(usage.noteRefusal),
    tenants: guarded(usage.tenants),
    add: guarded(usage.add),
    refresh: guarded(usage.refresh),
  };
  return store;
}
