import { type Catalog, findPlan, freePlan, type Plan } from "../catalog/catalog.ts";
import type { AccountSubscription, BillingAccount, PaidPeriod } from "./billing_account.ts";
import { addMonths, calendarMonth, monthSlice, overlaps, type Period } from "./billing_period.ts";

const DAY_MS = 86_400_000;

/**
 * When limits fall for a subscription with an unpaid renewal or an unpaid change, or `null` (P36).
 */
export function graceEndsAt(subscription: AccountSubscription, graceDays: number): Date | null {
  const [first] = [
    renewalGraceEnd(subscription, graceDays),
    changeGraceEnd(subscription, graceDays),
  ]
    .flatMap((end) => end ?? [])
    .toSorted((a, b) => a.getTime() - b.getTime());
  return first ?? null;
}

/** Whether a subscription gives its plan's limits at `now`, or only the free plan's (P36). */
export function hasAccess(
  subscription: AccountSubscription,
  now: Date,
  { graceDays }: { graceDays: number },
): boolean {
  switch (subscription.status) {
    case "active":
    case "trialing":
      return true;
    case "past_due": {
      const end = renewalGraceEnd(subscription, graceDays);
      return end === null || now < end;
    }
    case "incomplete":
    case "incomplete_expired":
    case "canceled":
    case "unpaid":
    case "paused":
      return false;
    default:
      return subscription.status satisfies never;
  }
}

/**
 * The plan whose limits hold for a tenant at `now`. While a payment is overdue beyond the grace
 * (P36) it is what has been paid for and still runs: of an unpaid upgrade the plan before it, of
 * an unpaid renewal nothing.
 */
export function effectivePlan(
  account: BillingAccount,
  catalog: Catalog,
  { now, graceDays }: { now: Date; graceDays: number },
): Plan {
  const { subscription, paidPeriod } = account;
  if (subscription === null) {
    return freePlan(catalog);
  }
  if (!hasAccess(subscription, now, { graceDays })) {
    const paid = subscription.status === "past_due" && planPaidFor(paidPeriod, catalog, now);
    return paid || freePlan(catalog);
  }
  const changeEnd = changeGraceEnd(subscription, graceDays);
  if (changeEnd !== null && changeEnd <= now) {
    const lastPaid = paidPeriod && new Date(Math.min(+now, +paidPeriod.end - 1));
    return (lastPaid && planPaidFor(paidPeriod, catalog, lastPaid)) ?? freePlan(catalog);
  }
  const plan =
    subscription.planSlug === null ? undefined : findPlan(catalog, subscription.planSlug);
  return plan ?? freePlan(catalog);
}

function renewalGraceEnd(subscription: AccountSubscription, graceDays: number): Date | null {
  return graceEnd(subscription, subscription.unpaidSince, graceDays);
}

function changeGraceEnd(subscription: AccountSubscription, graceDays: number): Date | null {
  return graceEnd(subscription, subscription.unpaidChangeSince, graceDays);
}

function graceEnd(
  { status }: AccountSubscription,
  since: Date | null,
  graceDays: number,
): Date | null {
  return status === "past_due" && since !== null
    ? new Date(since.getTime() + graceDays * DAY_MS)
    : null;
}

/** The highest plan that a paid invoice charges for at `at`. */
function planPaidFor(paid: PaidPeriod | null, catalog: Catalog, at: Date): Plan | undefined {
  return (paid?.charges ?? [])
    .filter(({ period }) => period.start <= at && at < period.end)
    .flatMap(({ planSlug }) => findPlan(catalog, planSlug) ?? [])
    .toSorted((a, b) => b.rank - a.rank)[0];
}

/** The monthly tokens that a tenant is entitled to at one moment. */
export interface MonthlyAllowance {
  /** The business fact that is granted at most once (P23). */
  readonly key: string;
  readonly tokens: number;
  readonly period: Period;
  /** What it follows from, for the ledger; `null` on the free plan. */
  readonly source: string | null;
}

/**
 * The monthly tokens in force at `now` (P24, P26, P33): those of the paid month, which stay until
 * the renewal is paid or access is lost; what is paid for lasts as long as the subscription
 * has not ended. Otherwise the free plan's, per calendar month.
 */
export function monthlyAllowance(
  account: BillingAccount,
  catalog: Catalog,
  { now, graceDays }: { now: Date; graceDays: number },
): MonthlyAllowance {
  const { subscription, paidPeriod } = account;
  if (subscription !== null && subscription.endedAt === null && paidPeriod !== null) {
    const slice = paidSlice(subscription, paidPeriod, now);
    if (now < slice.end || hasAccess(subscription, now, { graceDays })) {
      return {
        key: grantKey(subscription.id, slice),
        tokens: tokensPaidFor(slice, paidPeriod, catalog),
        period: slice,
        source: `invoice:${paidPeriod.invoiceId}`,
      };
    }
  }
  const month = calendarMonth(now);
  const origin = subscription === null ? "free" : `free-after-${subscription.id}`;
  return {
    key: grantKey(origin, month),
    tokens: freePlan(catalog).tokensIncludedMonth,
    period: month,
    source: null,
  };
}

function grantKey(origin: string, { start }: Period): string {
  return `grant:${origin}:${start.toISOString()}`;
}

/** When the month begins whose allowance has this key; `null` where it does not say. */
export function grantStart(key: string): Date | null {
  const start = new Date(/:(\d{4}-\d\d-\d\dT.+)$/.exec(key)?.[1] ?? "");
  return Number.isNaN(start.getTime()) ? null : start;
}

/** What was paid for decides: the subscription may have another interval by now. */
function paidSlice(subscription: AccountSubscription, paid: PaidPeriod, now: Date): Period {
  return addMonths(paid.start, 2) < paid.end
    ? monthSlice(paid, subscription.billingCycleAnchor, now)
    : { start: paid.start, end: paid.end };
}

function tokensPaidFor(slice: Period, paid: PaidPeriod, catalog: Catalog): number {
  return paid.charges
    .filter((charge) => overlaps(charge.period, slice))
    .map((charge) => findPlan(catalog, charge.planSlug)?.tokensIncludedMonth ?? 0)
    .reduce((most, tokens) => Math.max(most, tokens), 0);
}
