import type { Period } from "../subscription/billing_period.ts";

/** Most e-mails of one batch. */
export const MAX_BATCH_EMAILS = 100_000;

/** How many e-mails a tenant may send, and in which period. */
export interface EmailQuota {
  readonly period: Period;
  /** E-mails per period; `null` is unlimited. */
  readonly limit: number | null;
}

/** What a quota was decided on, and how long it may be used. */
export interface QuotaBasis {
  /** The account that it was decided on. */
  readonly accountRevision: number;
  /** The catalogue that it was decided on. */
  readonly catalogRevision: number;
  readonly decidedAt: Date;
  /** Until when sends may be counted without deciding again. */
  readonly validUntil: Date;
}

/** What a tenant has sent in the month in force, and may send. */
export interface EmailUsage extends EmailQuota, QuotaBasis {
  readonly tenantId: string;
  /** The month's name; empty until the first look at what an older release has counted. */
  readonly month: string;
  /** What was inherited, and what was sent since. */
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
