import { calendarMonth } from "../subscription/billing_period.ts";
import { advancedMonths } from "./advance_months.ts";
import { type EmailPeriod, historyAfter } from "./email_periods.ts";
import type { EmailUsage, QuotaBasis } from "./email_quota.ts";
import type { MonthLook } from "./month_look.ts";
import { type MonthMark, marksAfter } from "./month_mark.ts";
import { currentMonth, NO_MONTHS, type UsageMonth, type UsageMonths } from "./usage_months.ts";

const THIRTY_ONE_DAYS_MS = 31 * 86_400_000;
/** `since` of months counted by a release that did not name them. */
const NAMELESS_SINCE = new Date(0);

/** A tenant's e-mail months and the facts of the last decision: everything that is stored. */
export interface EmailMonths {
  readonly basis: QuotaBasis;
  readonly usage: UsageMonths;
  /** Months that `usage` no longer keeps, for people to read; the oldest first. */
  readonly history: readonly EmailPeriod[];
  /** What months were when they were left or their limits changed, for news; the oldest first. */
  readonly marks: readonly MonthMark[];
  /** When a send was first refused in the month in force; `null` if none was. */
  readonly refusedAt: Date | null;
}

/** Derives new months from the stored ones; returns the same object if nothing changes. */
export type DecideEmailMonths = (before: EmailMonths | undefined) => EmailMonths;

/**
 * Decides the months after a look (P33). A look at an older account or catalogue, or by a clock
 * that is behind, changes nothing (P10, P25). Nor does one that comes to the same while the stored
 * decision still protects from older ones: its account said what this one says.
 *
 * @param facts.unchangedSince the oldest revision of the account that says what this one does
 * @param facts.renew whether a decision that comes to the same is stored once the old one's time is
 *   over
 */
export function decideEmailMonths(
  before: EmailMonths | undefined,
  {
    look,
    basis,
    unchangedSince = basis.accountRevision,
    renew = true,
  }: { look: MonthLook; basis: QuotaBasis; unchangedSince?: number; renew?: boolean },
): EmailMonths {
  if (before === undefined) {
    const usage = advancedMonths(NO_MONTHS, look, basis.decidedAt);
    return { basis, usage, history: [], marks: [], refusedAt: null };
  }
  if (isOlder(basis, before.basis)) {
    return before;
  }
  const named = withNames(before.usage, look, basis.decidedAt);
  const usage = advancedMonths(named, look, basis.decidedAt);
  const stored = before.basis;
  const stands =
    stored.accountRevision >= unchangedSince &&
    stored.catalogRevision === basis.catalogRevision &&
    stored.validUntil <= basis.validUntil &&
    (!renew || basis.decidedAt < stored.validUntil);
  if (usage === before.usage && (basis.decidedAt < usage.since || stands)) {
    return before;
  }
  const history = historyAfter(before.history, {
    before: named,
    after: usage,
    now: basis.decidedAt,
  });
  const refusedAt = named.current === usage.current ? before.refusedAt : null;
  const marks = marksAfter(before.marks, {
    before: named,
    after: usage,
    refusedAt: before.refusedAt,
    at: basis.decidedAt,
  });
  return { basis, usage, history, marks, refusedAt };
}

/** Continues the month in force on facts that are not older. */
export function keepEmailMonths(before: EmailMonths, basis: QuotaBasis): EmailMonths {
  return isOlder(basis, before.basis) ? before : { ...before, basis };
}

function isOlder(basis: QuotaBasis, other: QuotaBasis): boolean {
  const difference =
    basis.accountRevision - other.accountRevision || basis.catalogRevision - other.catalogRevision;
  return difference < 0;
}

/**
 * Presents the months as usage.
 *
 * @throws {TypeError} when no month is in force
 */
export function emailUsage(
  tenantId: string,
  { basis, usage, refusedAt }: Pick<EmailMonths, "basis" | "usage" | "refusedAt">,
): EmailUsage {
  const month = currentMonth(usage);
  if (month === undefined) {
    throw new TypeError(`Cannot read the e-mail usage of "${tenantId}": no month is in force`);
  }
  return {
    ...basis,
    tenantId,
    month: storedMonthName(usage),
    period: { start: month.start, end: month.end },
    limit: month.allowance,
    used: month.inherited + month.own,
    refusedAt,
  };
}

/** The name of the month in force; empty while only its start is known. */
export function storedMonthName(usage: UsageMonths): string {
  return +usage.since === +NAMELESS_SINCE ? "" : (usage.current ?? "");
}

/** What was counted by a release that knew periods only by their start. */
export interface NamelessPeriods {
  readonly inForce: { start: Date; end: Date; limit: number | null; used: number };
  readonly past: readonly { readonly start: Date; readonly used: number }[];
}

/** Turns nameless periods into months until the first look names them. */
export function namelessMonths({ inForce, past }: NamelessPeriods): UsageMonths {
  const { start, end, limit, used } = inForce;
  const others = past
    .filter((period) => +period.start !== +start)
    .toSorted((a, b) => +a.start - +b.start);
  const months = others.map((period) =>
    nameless(period.start, {
      end: new Date(+period.start + THIRTY_ONE_DAYS_MS),
      allowance: 0,
      own: period.used,
    }),
  );
  const current = nameless(start, { end, allowance: limit, own: used });
  return {
    ...NO_MONTHS,
    months: [...months, current],
    current: current.name,
    since: NAMELESS_SINCE,
  };
}

function nameless(
  start: Date,
  counted: { end: Date; allowance: number | null; own: number },
): UsageMonth {
  return {
    name: `free:${start.toISOString()}`,
    subscriptionId: null,
    start,
    ...counted,
    inherited: 0,
    from: null,
    missed: false,
  };
}

/**
 * Months of the subscription are recognised by their start or, where a year was cut differently,
 * because they contain it. All others are free months.
 */
function withNames(usage: UsageMonths, { months }: MonthLook, now: Date): UsageMonths {
  if (+usage.since !== +NAMELESS_SINCE) {
    return usage;
  }
  const named = usage.months.map((month) => {
    const found =
      months.find(({ start }) => +start === +month.start) ??
      (+calendarMonth(month.start).start === +month.start
        ? undefined
        : months.findLast(({ start, end }) => start <= month.start && month.start < end));
    const { name, subscriptionId, start, end } = found ?? month;
    return { ...month, name, subscriptionId, start, end };
  });
  const index = usage.months.findIndex(({ name }) => name === usage.current);
  return {
    ...usage,
    months: named.filter(({ name }, at) => named.findLastIndex((one) => one.name === name) === at),
    current: named[index]?.name ?? null,
    since: now,
  };
}
