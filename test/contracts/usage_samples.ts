import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import type { QuotaDecision } from "../../src/domain/quota/email_quota.ts";
import { at, NOW } from "./samples.ts";

/** The tenant of the samples. */
export const TENANT = "t_acme";

/** A period that `NOW` is in, and the one after it. */
export const [MARCH, APRIL] = [
  { start: new Date("2026-03-01T00:00:00.000Z"), end: new Date("2026-04-01T00:00:00.000Z") },
  { start: new Date("2026-04-01T00:00:00.000Z"), end: new Date("2026-05-01T00:00:00.000Z") },
] as const;

/** A decision for 100 e-mails in March that holds at `NOW`. */
export function sampleDecision(changes: Partial<QuotaDecision> = {}): QuotaDecision {
  return {
    period: MARCH,
    limit: 100,
    accountRevision: 3,
    catalogRevision: 2,
    decidedAt: NOW,
    validUntil: at(60_000),
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
