import type { Catalog } from "../catalog/catalog.ts";
import type { BillingAccount } from "../subscription/billing_account.ts";
import type { Period } from "../subscription/billing_period.ts";
import { effectivePlan, graceEndsAt, monthlyAllowance } from "../subscription/entitlement.ts";

/** Most e-mails of one batch. */
export const MAX_BATCH_EMAILS = 100_000;

/** How many e-mails a tenant may send, and in which period. */
export interface EmailQuota {
  readonly period: Period;
  /** E-mails per period; `null` is unlimited. */
  readonly limit: number | null;
}

/** A quota with what it was decided on, so that newer decisions can be told from older ones. */
export interface QuotaDecision extends EmailQuota {
  /** The account that it was decided on. */
  readonly accountRevision: number;
  /** The catalogue that it was decided on. */
  readonly catalogRevision: number;
  readonly decidedAt: Date;
  /** Until when sends may be counted without deciding again. */
  readonly validUntil: Date;
}

/** What a tenant has sent in the quota period in force. */
export interface EmailUsage extends QuotaDecision {
  readonly tenantId: string;
  readonly used: number;
}

/** A tenant's standing as it is shown. */
export interface QuotaStatus {
  readonly limit: number | null;
  readonly used: number;
  /** Of the limit, rounded down; 100 for a limit of 0; `null` when unlimited. */
  readonly percentage: number | null;
  /** From 80 % on. */
  readonly warning: boolean;
  /** The most that may be used (P32); `null` when unlimited. */
  readonly ceiling: number | null;
}

/**
 * The quota in force at `now` (P33, P36): the limit of the plan that counts, in the period that
 * the monthly tokens have, too. It moves on with the paid renewal only; once access is lost after
 * the end of what was paid for, it is the calendar month.
 *
 * @param maxAgeMs how long the decision may be used at most, in milliseconds
 */
export function decideEmailQuota(
  account: BillingAccount,
  catalog: Catalog,
  { now, graceDays, maxAgeMs }: { now: Date; graceDays: number; maxAgeMs: number },
): QuotaDecision {
  const { period } = monthlyAllowance(account, catalog, { now, graceDays });
  const { subscription } = account;
  const graceEnd = subscription === null ? null : graceEndsAt(subscription, graceDays);
  const changes = [period.end, graceEnd].flatMap((at) => (at !== null && now < at ? [+at] : []));
  return {
    period,
    limit: effectivePlan(account, catalog, { now, graceDays }).monthlyEmailLimit,
    accountRevision: account.revision,
    catalogRevision: catalog.revision,
    decidedAt: now,
    validUntil: new Date(Math.min(now.getTime() + maxAgeMs, ...changes)),
  };
}

/** Whether a decision was made on older facts than another one. */
export function isOlderDecision(decision: QuotaDecision, other: QuotaDecision): boolean {
  const difference =
    decision.accountRevision - other.accountRevision ||
    decision.catalogRevision - other.catalogRevision ||
    decision.decidedAt.getTime() - other.decidedAt.getTime();
  return difference < 0;
}

/** The most e-mails of a period: 110 % of the limit, rounded down (P32); `null` is unlimited. */
export function emailCeiling(limit: number | null): number | null {
  return limit === null ? null : limit + Math.floor(limit / 10);
}

/** Whether `count` more e-mails may be sent, all of them (P31, P32). */
export function quotaAllows(
  { limit, used }: Pick<EmailUsage, "limit" | "used">,
  count: number,
): boolean {
  const ceiling = emailCeiling(limit);
  return ceiling === null || used + count <= ceiling;
}

/** Where a tenant stands on the ladder (P32). */
export function quotaStatus({ limit, used }: Pick<EmailUsage, "limit" | "used">): QuotaStatus {
  return {
    limit,
    used,
    percentage: limit === null ? null : percentageOf(used, limit),
    warning: limit !== null && isNearlyUsed(used, limit),
    ceiling: emailCeiling(limit),
  };
}

/** Whether 80 % or more of a limit are used. */
export function isNearlyUsed(used: number, limit: number): boolean {
  return used * 5 >= limit * 4;
}

/** The product may leave the exact range of numbers, so that it is computed without bounds. */
function percentageOf(used: number, limit: number): number {
  return limit === 0 ? 100 : Number((BigInt(used) * 100n) / BigInt(limit));
}

/** When the used e-mails are forgotten; `null` while that waits for the renewal's payment. */
export function quotaResetsAt({ period }: EmailQuota, now: Date): Date | null {
  return now < period.end ? period.end : null;
}
