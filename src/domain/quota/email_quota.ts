import type { Catalog } from "../catalog/catalog.ts";
import type { BillingAccount } from "../subscription/billing_account.ts";
import type { Period } from "../subscription/billing_period.ts";
import {
  effectivePlan,
  graceEndsAt,
  hasAccess,
  monthlyAllowance,
} from "../subscription/entitlement.ts";
import { isLive } from "../subscription/subscription.ts";

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

/**
 * Where a tenant stands: below 80 %, warned, in the grace above its limit, or so far that not one
 * e-mail more is allowed (P32).
 */
export type QuotaStage = "normal" | "warning" | "grace" | "exhausted";

/** A tenant's standing as it is shown. */
export interface QuotaStatus {
  readonly limit: number | null;
  readonly used: number;
  /** Of the limit, rounded down; 100 for a limit of 0; `null` when unlimited. */
  readonly percentage: number | null;
  /** From 80 % on. */
  readonly warning: boolean;
  readonly stage: QuotaStage;
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
  if (limit === null) {
    return { limit, used, percentage: null, warning: false, stage: "normal" };
  }
  const warning = used * 5 >= limit * 4;
  return { limit, used, percentage: percentageOf(used, limit), warning, stage: stageOf() };

  function stageOf(): QuotaStage {
    if (!quotaAllows({ limit, used }, 1)) {
      return "exhausted";
    }
    return used >= (limit ?? 0) ? "grace" : warning ? "warning" : "normal";
  }
}

/** The product may leave the exact range of numbers, so that it is computed without bounds. */
function percentageOf(used: number, limit: number): number {
  return limit === 0 ? 100 : Number((BigInt(used) * 100n) / BigInt(limit));
}

/** When the used e-mails are forgotten; `null` while that waits for the renewal's payment. */
export function quotaResetsAt({ period }: EmailQuota, now: Date): Date | null {
  return now < period.end ? period.end : null;
}

/**
 * The plan to suggest to those who need to send more: the next one up by rank that is sold and
 * has a higher limit. `null` when there is none, and for tenants whose subscription has to be
 * paid before anything else can be bought (P17).
 */
export function quotaUpgrade(
  account: BillingAccount,
  catalog: Catalog,
  { now, graceDays }: { now: Date; graceDays: number },
): string | null {
  const { subscription } = account;
  const blocked =
    subscription !== null &&
    isLive(subscription.status) &&
    !hasAccess(subscription, now, { graceDays });
  if (blocked) {
    return null;
  }
  const current = effectivePlan(account, catalog, { now, graceDays });
  const limit = current.monthlyEmailLimit;
  const [next] = catalog.plans
    .filter(({ active, prices, rank }) => active && prices.length > 0 && rank > current.rank)
    .filter((plan) => limit !== null && (plan.monthlyEmailLimit ?? Infinity) > limit)
    .toSorted((a, b) => a.rank - b.rank);
  return next?.slug ?? null;
}
