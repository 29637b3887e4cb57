import { isBefore } from "../instants.ts";
import type { Period } from "../subscription/billing_period.ts";

/** Most e-mails in one batch. */
export const MAX_BATCH_EMAILS = 100_000;

/**
 * Up to here, a hundred times the use is so small that the quotient is rounded by less than its
 * distance from the next whole number.
 */
const MOST_EXACT_USE = 1e12;

/** How many e-mails a tenant may send, and in which period. */
export interface EmailQuota {
  readonly period: Period;
  /** E-mails per period; `null` is unlimited. */
  readonly limit: number | null;
}

/** The facts a quota was decided on, and how long the decision holds. */
export interface QuotaBasis {
  /** The account's revision at the decision. */
  readonly accountRevision: number;
  /** The catalogue's revision at the decision. */
  readonly catalogRevision: number;
  readonly decidedAt: Date;
  /** Until then, sends may be counted without a new decision. */
  readonly validUntil: Date;
}

/** What a tenant has sent in the current month, and what it may send. */
export interface EmailUsage extends EmailQuota, QuotaBasis {
  readonly tenantId: string;
  /** The month's name; empty until the first look at what an older release counted. */
  readonly month: string;
  /** What was inherited plus what was sent since. */
  readonly used: number;
  /** When a send was first refused in the month; `null` if none was. */
  readonly refusedAt: Date | null;
}

/** A tenant's quota as shown to people. */
export interface QuotaStatus {
  readonly limit: number | null;
  readonly used: number;
  /** Percentage of the limit, rounded down; 100 for a limit of 0; `null` if unlimited. */
  readonly percentage: number | null;
  /** Whether 80 % or more are used. */
  readonly warning: boolean;
  /** The most that may be used (P32); `null` if unlimited. */
  readonly ceiling: number | null;
}

/**
 * Returns the most e-mails of a period: 110 % of the limit, rounded down (P32). `null` is
 * unlimited.
 */
export function emailCeiling(limit: number | null): number | null {
  return limit === null ? null : limit + Math.floor(limit / 10);
}

/** Whether all of `count` more e-mails may be sent (P31, P32). */
export function quotaAllows(
  { limit, used }: Pick<EmailUsage, "limit" | "used">,
  count: number,
): boolean {
  const ceiling = emailCeiling(limit);
  return ceiling === null || used + count <= ceiling;
}

/** Describes how much of a quota is used (P32). */
export function quotaStatus({ limit, used }: Pick<EmailUsage, "limit" | "used">): QuotaStatus {
  return {
    limit,
    used,
    percentage: quotaPercentage({ limit, used }),
    warning: limit !== null && isNearlyUsed(used, limit),
    ceiling: emailCeiling(limit),
  };
}

/** Percentage of the limit that is used, rounded down; 100 for a limit of 0; `null` if unlimited. */
export function quotaPercentage({
  limit,
  used,
}: Pick<EmailUsage, "limit" | "used">): number | null {
  return limit === null ? null : percentageOf(used, limit);
}

/** Whether 80 % or more of a limit are used. */
export function isNearlyUsed(used: number, limit: number): boolean {
  return used * 5 >= limit * 4;
}

/** Uses big integers where the product may not be exact, or its quotient be rounded up. */
function percentageOf(used: number, limit: number): number {
  if (limit === 0) {
    return 100;
  }
  return used <= MOST_EXACT_USE
    ? Math.floor((used * 100) / limit)
    : Number((BigInt(used) * 100n) / BigInt(limit));
}

/** When the counter starts again; `null` while that depends on the renewal's payment. */
export function quotaResetsAt({ period }: EmailQuota, now: Date): Date | null {
  return isBefore(now, period.end) ? period.end : null;
}
