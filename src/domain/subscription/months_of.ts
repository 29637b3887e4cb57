import { type Catalog, findPlan, type Plan } from "../catalog/catalog.ts";
import type { Period } from "./billing_period.ts";
import { leastOf, type Month, type MonthPart, wholeSecond } from "./month.ts";
import type { SettledLine } from "./settled_line.ts";

const DAY_MS = 86_400_000;
/** A shorter period brings only its share. */
const SHORTEST_WHOLE_MONTH_MS = 28 * DAY_MS;
const MONTH_MS = 30 * DAY_MS;

/**
 * A period of a subscription with the changes made during it. One that begins in the second of a
 * month before it begins a millisecond later.
 */
interface PlanPeriod extends Period {
  readonly line: SettledLine;
  readonly plans: { readonly from: Date; readonly plan: Plan }[];
}

/** What months are cut from. */
export interface MonthSource {
  readonly subscriptionId: string;
  readonly billingCycleAnchor: Date;
  readonly lines: readonly SettledLine[];
  readonly catalog: Catalog;
  /** No month begins later. */
  readonly endedAt: Date | null;
}

/** Cuts the months of a subscription, in the order in which they begin. */
export function monthsOf(source: MonthSource): Month[] {
  const periods = planPeriods(source);
  const months: Month[] = [];
  for (const [index, period] of periods.entries()) {
    const next = periods[index + 1];
    const over = next !== undefined && next.start < period.end ? next.start : period.end;
    const { creditedFrom } = period.line;
    const credited = creditedFrom && months.findLast((month) => contains(month, creditedFrom));
    if (credited && creditedFrom) {
      const from = credited.creditedFrom ?? creditedFrom;
      months[months.indexOf(credited)] = { ...credited, creditedFrom: from };
    }
    for (const slice of slices(period, source.billingCycleAnchor)) {
      const begins =
        slice.start < over &&
        !isCreditedWhole(slice, period, next) &&
        (source.endedAt === null || slice.start < source.endedAt);
      if (begins) {
        const first = +slice.start === +period.start;
        const inherits =
          first && credited && creditedFrom
            ? {
                month: credited.name,
                creditedFrom,
                replaced: replacedMonths(creditedFrom, periods.slice(0, index), source),
              }
            : null;
        months.push(monthOf(slice, { period, over, inherits, source }));
      }
    }
  }
  return months;
}

/** Cuts the months of the credited period that begin after what credits it. */
function replacedMonths(
  creditedFrom: Date,
  earlier: readonly PlanPeriod[],
  source: MonthSource,
): Month[] {
  const credited = earlier.findLast((period) => contains(period, creditedFrom));
  return credited === undefined
    ? []
    : slices(credited, source.billingCycleAnchor)
        .filter(({ start }) => creditedFrom < start)
        .map((slice) =>
          monthOf(slice, { period: credited, over: slice.end, inherits: null, source }),
        );
}

/**
 * Whether the next period credits a month from before its beginning, as one does that bills a change
 * made earlier. A month credited from its beginning on may have been used in that second.
 */
function isCreditedWhole(slice: Period, period: PlanPeriod, next: PlanPeriod | undefined): boolean {
  const creditedFrom = next?.line.creditedFrom ?? null;
  return (
    creditedFrom !== null &&
    contains(period, creditedFrom) &&
    creditedFrom < wholeSecond(slice.start)
  );
}

function planPeriods({ lines, catalog, billingCycleAnchor }: MonthSource): PlanPeriod[] {
  const periods: PlanPeriod[] = [];
  for (const line of lines) {
    const plan = findPlan(catalog, line.planSlug);
    const running = periods.at(-1);
    if (plan !== undefined && running !== undefined && !line.opens) {
      running.plans.push({ from: line.period.start, plan });
    } else if (plan !== undefined && (!running || running.line.period.start <= line.period.start)) {
      const { start, end } = line.period;
      const months = running === undefined ? [] : slices(running, billingCycleAnchor);
      const same = months.findLast((month) => +wholeSecond(month.start) === +start);
      const after = same === undefined ? start : new Date(+same.start + 1);
      periods.push({ start: after, end, line, plans: [{ from: start, plan }] });
    }
  }
  return periods;
}

function monthOf(
  slice: Period,
  {
    period,
    over,
    inherits,
    source,
  }: {
    period: PlanPeriod;
    over: Date;
    inherits: Month["inherits"];
    source: MonthSource;
  },
): Month {
  const { line } = period;
  const lengthMs = +slice.end - +wholeSecond(slice.start);
  const share = lengthMs < SHORTEST_WHOLE_MONTH_MS && !line.trial ? lengthMs / MONTH_MS : 1;
  const parts: MonthPart[] = [];
  const most: { emails: number | null; tokens: number } = { emails: 0, tokens: 0 };
  const base = period.plans.findLast(({ from }) => from <= slice.start);
  const raises = period.plans.filter(({ from }) => slice.start < from && from < slice.end);
  for (const { from, plan } of base === undefined ? raises : [base, ...raises]) {
    const emails = plan.monthlyEmailLimit;
    const tokens = plan.tokensIncludedMonth;
    parts.push({
      from: from < slice.start ? wholeSecond(slice.start) : from,
      emails: emails === null || most.emails === null ? null : more(emails, most.emails, share),
      tokens: more(tokens, most.tokens, share),
    });
    most.emails = emails === null || most.emails === null ? null : Math.max(emails, most.emails);
    most.tokens = Math.max(tokens, most.tokens);
  }
  return {
    ...slice,
    name: `${source.subscriptionId}:${slice.start.toISOString()}`,
    subscriptionId: source.subscriptionId,
    over: over < slice.end ? over : slice.end,
    parts,
    least: leastOf(source.catalog),
    inherits,
    creditedFrom: null,
    settledAt: line.basis === "paid" || line.basis === "waived" ? line.settledAt : null,
  };
}

function more(amount: number, most: number, share: number): number {
  return Math.floor(Math.max(0, amount - most) * share);
}

function contains({ start, end }: Period, at: Date): boolean {
  return wholeSecond(start) <= at && at < end;
}

/** Cuts a period into months from its own start; the last one may be shorter. */
function slices(period: Period, billingCycleAnchor: Date): Period[] {
  const first = wholeSecond(period.start);
  const day = unclampedDay(period, billingCycleAnchor);
  const found: Period[] = [];
  for (let { start } = period; start < period.end; ) {
    const next = monthsAfter(first, day, found.length + 1);
    const end = next < period.end ? next : period.end;
    found.push({ start, end });
    start = end;
  }
  return found;
}

/**
 * Finds the day of the month on which a period's months begin. A start on the last day of a month
 * may be the clamped 29th, 30th or 31st of the anchor, as the period's end or the anchor itself
 * shows.
 */
function unclampedDay({ start, end }: Period, anchor: Date): number {
  const isLastDay = new Date(+start + DAY_MS).getUTCDate() === 1;
  const days = [end.getUTCDate(), ...(anchor <= start ? [anchor.getUTCDate()] : [])];
  return isLastDay ? Math.max(start.getUTCDate(), ...days) : start.getUTCDate();
}

/** Adds whole months to a date, on a given day or on the last day of a month that lacks it. */
function monthsAfter(start: Date, day: number, months: number): Date {
  const year = start.getUTCFullYear();
  const month = start.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const moved = new Date(start);
  moved.setUTCFullYear(year, month, Math.min(day, lastDay));
  return moved;
}
