import { addMonths, type Period } from "../subscription/billing_period.ts";
import { MAX_AHEAD_MS } from "./advance_months.ts";
import { currentMonth, type UsageMonth, type UsageMonths } from "./usage_months.ts";

/** How many months back a tenant's e-mails can be read. */
const KEPT_MONTHS = 24;
/** Bounds the record of a tenant whose periods begin anew all the time. */
const MAX_PERIODS = 60;

/** How many e-mails were counted in a month, and against which limit. */
export interface EmailPeriod extends Period {
  /** `null` is unlimited. */
  readonly limit: number | null;
  /** Counted against the limit: what the month inherited, and what was sent in it. */
  readonly used: number;
}

/**
 * Lists a tenant's months of the two years before the one in force, the oldest first and the one in
 * force last. A month that a later one of its subscription cut short ends where that one begins.
 */
export function emailPeriods({
  usage,
  history,
}: {
  readonly usage: UsageMonths;
  readonly history: readonly EmailPeriod[];
}): readonly EmailPeriod[] {
  const inForce = currentMonth(usage);
  const others = usage.months.filter((month) => month !== inForce);
  const past = [...history, ...others.map((month) => periodOf(month, usage.months))];
  const ordered = past.toSorted((a, b) => +a.start - +b.start || +a.end - +b.end);
  if (inForce === undefined) {
    return ordered;
  }
  const oldest = addMonths(inForce.start, -KEPT_MONTHS);
  const kept = ordered.filter(({ end }) => oldest < end);
  return [...kept, periodOf(inForce, usage.months)];
}

/**
 * Adds the months that are no longer kept to the history, and leaves out what is too old. What a
 * clock far ahead had begun was no month.
 */
export function historyAfter(
  history: readonly EmailPeriod[],
  { before, after, now }: { before: UsageMonths; after: UsageMonths; now: Date },
): readonly EmailPeriod[] {
  const kept = new Set(after.months.map(({ name }) => name));
  const forgotten = before.months.filter(
    ({ name, start }) => !kept.has(name) && +start <= +now + MAX_AHEAD_MS,
  );
  if (forgotten.length === 0) {
    return history;
  }
  const oldest = addMonths(now, -KEPT_MONTHS);
  return [...history, ...forgotten.map((month) => periodOf(month, before.months))]
    .filter(({ end }) => oldest < end)
    .toSorted((a, b) => +a.start - +b.start)
    .slice(-MAX_PERIODS);
}

function periodOf(
  { name, subscriptionId, start, end, allowance, inherited, own }: UsageMonth,
  months: readonly UsageMonth[],
): EmailPeriod {
  const index = months.findIndex((month) => month.name === name);
  const next = months
    .slice(index + 1)
    .find((month) => month.subscriptionId === subscriptionId && month.start < end);
  return {
    start,
    end: next === undefined ? end : next.start,
    limit: allowance,
    used: inherited + own,
  };
}
