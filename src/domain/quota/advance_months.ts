import { allowanceOf, type Measure, type Month, shareUntil } from "../subscription/month.ts";
import {
  addMonth,
  currentMonth,
  type Inheritance,
  type UsageMonth,
  type UsageMonths,
  useIn,
  withMonth,
} from "./usage_months.ts";

const DAY_MS = 86_400_000;
/** A month that begins further in the future than this was begun by a clock that was wrong. */
const MAX_AHEAD_MS = 5 * 60_000;
/** How long months that are over are kept, so that what is released late finds its heir. */
const KEPT_MS = 62 * DAY_MS;

/** What a look has found, for one measure. */
export interface MonthLook {
  readonly measure: Measure;
  /** The month in force. */
  readonly month: Month;
  /** All months of the subscription that counts, in order. */
  readonly months: readonly Month[];
  /** Whether the last month begun goes on, where that is a later one. */
  readonly goesOn: boolean;
  readonly subscriptionLives: boolean;
  /** Months that were over before the tenant was known are not made good; `null`: no such bound. */
  readonly knownSince: Date | null;
}

/**
 * One change of the months, in the order in which they happen.
 *
 * - `heal`: months of a clock far ahead are taken back.
 * - `miss`: a month is begun that was over already; `madeGood` is what it had left to give.
 * - `begin`: a month is begun and in force.
 * - `return`: a month that had been left is in force again.
 * - `grow`: the month in force has a larger allowance.
 */
export interface MonthStep {
  readonly type: "heal" | "miss" | "begin" | "return" | "grow";
  readonly month: string;
  readonly madeGood: number;
  /** The state afterwards; every one can be kept, so that a crash in between loses nothing. */
  readonly usage: UsageMonths;
}

/**
 * What brings the months in line with a look; nothing where they are. Months of one subscription
 * only go forward, each is begun once, in their order; coming back to one begins nothing. A look by
 * a clock that is behind changes nothing, and so does any number of looks at the same truth (P25).
 */
export function advanceMonths(before: UsageMonths, look: MonthLook, now: Date): MonthStep[] {
  const healed = heal(before, now);
  const usage = healed?.usage ?? before;
  const steps = healed === undefined ? [] : [healed];
  if (now < usage.since) {
    return steps;
  }
  const target = targetOf(usage, look);
  const known = usage.months.find(({ name }) => name === target.name);
  if (known !== undefined) {
    return [...steps, ...goTo(usage, known, { look, now })];
  }
  let state = usage;
  for (const month of monthsToBegin(usage, look, now)) {
    const next = addMonth(state, newMonth(state, month, look));
    const isTarget = month.name === look.month.name;
    state = isTarget ? enter(next, month, now) : miss(next, month, look);
    const madeGood = isTarget ? 0 : (state.months.at(-1)?.own ?? 0);
    steps.push({ type: isTarget ? "begin" : "miss", month: month.name, madeGood, usage: state });
  }
  return steps;
}

/** The state after a look. */
export function advancedMonths(before: UsageMonths, look: MonthLook, now: Date): UsageMonths {
  return advanceMonths(before, look, now).at(-1)?.usage ?? before;
}

/**
 * Settled months that were over before they were settled and are not among those kept: a renewal
 * that was paid after its month or after a later one. Whoever keeps the books knows by the month's
 * name whether it was begun; if not, it is made good (P26).
 */
export function monthsSettledLate(usage: UsageMonths, { months, month }: MonthLook): Month[] {
  return months.filter(
    ({ name, settledAt, over, start }) =>
      settledAt !== null &&
      over <= settledAt &&
      start < month.start &&
      !usage.months.some((kept) => kept.name === name),
  );
}

/** What of a month's allowance stays paid: all of it, unless unused time was credited. */
export function paidShare(month: Month, measure: Measure): number {
  return shareUntil(month, measure, month.creditedFrom ?? month.end) ?? 0;
}

function heal(before: UsageMonths, now: Date): MonthStep | undefined {
  const latest = new Date(+now + MAX_AHEAD_MS);
  const ahead = before.months.filter(({ start }) => latest < start);
  if (before.since <= latest && ahead.length === 0) {
    return undefined;
  }
  const months = before.months.filter((month) => !ahead.includes(month));
  const displaced = ahead.reduce((sum, { own, missed }) => sum + (missed ? 0 : own), 0);
  const madeGood = ahead.reduce((sum, { own, missed }) => sum + (missed ? own : 0), 0);
  const current = months.some(({ name }) => name === before.current)
    ? before.current
    : (months.findLast(({ missed }) => !missed)?.name ?? null);
  const usage = {
    months,
    current,
    since: before.since <= latest ? before.since : now,
    healings: before.healings + 1,
    displaced: before.displaced + displaced,
  };
  return { type: "heal", month: before.current ?? "", madeGood: 0 - madeGood, usage };
}

/** The month that a look asks for, or the later one of its subscription, which is never undone. */
function targetOf({ months }: UsageMonths, look: MonthLook): { readonly name: string } {
  const { month, goesOn } = look;
  const own = months.filter(({ subscriptionId }) => subscriptionId === month.subscriptionId);
  const last = own.toSorted((a, b) => +a.start - +b.start).at(-1);
  const isKnown = own.some(({ name }) => name === month.name);
  return last !== undefined && month.start < last.start && (goesOn || !isKnown) ? last : month;
}

function goTo(
  usage: UsageMonths,
  target: UsageMonth,
  { look, now }: { look: MonthLook; now: Date },
): MonthStep[] {
  if (isBehind(usage, target, look)) {
    return [];
  }
  const { month, measure } = look;
  const wanted = target.name === month.name ? allowanceOf(month, measure) : 0;
  const allowance = larger(target.allowance, wanted);
  const grown = withMonth(usage, { ...target, allowance });
  const about = { month: target.name, madeGood: 0 };
  if (usage.current !== target.name) {
    return [{ ...about, type: "return", usage: enter(grown, target, now) }];
  }
  return allowance === target.allowance ? [] : [{ ...about, type: "grow", usage: grown }];
}

/** Whether a look by a slow clock asks for a month before one that it knows itself. */
function isBehind(usage: UsageMonths, target: UsageMonth, { months }: MonthLook): boolean {
  const running = currentMonth(usage);
  return (
    running !== undefined &&
    running.subscriptionId === target.subscriptionId &&
    target.start < running.start &&
    (running.subscriptionId === null || months.some(({ name }) => name === running.name))
  );
}

/** The month in force, after those of the subscription that were over unseen. */
function monthsToBegin(usage: UsageMonths, look: MonthLook, now: Date): Month[] {
  const { month, months, subscriptionLives } = look;
  const own = usage.months.filter(({ subscriptionId }) =>
    months.some((one) => one.subscriptionId === subscriptionId),
  );
  if (own.length === 0 && !subscriptionLives) {
    return [month];
  }
  const last = own.reduce((latest, { start }) => Math.max(latest, +start), -Infinity);
  const unseen = months.filter(
    ({ start, over }) =>
      last < +start && over <= now && (month.subscriptionId === null || start < month.start),
  );
  return [...unseen, month];
}

function newMonth(usage: UsageMonths, month: Month, look: MonthLook): UsageMonth {
  return {
    name: month.name,
    subscriptionId: month.subscriptionId,
    start: month.start,
    end: month.end,
    allowance: allowanceOf(month, look.measure),
    own: 0,
    inherited: 0,
    from: inheritanceOf(usage, month, look),
    missed: false,
  };
}

/** From the month whose time was credited, else what the one before could not take up. */
function inheritanceOf(usage: UsageMonths, month: Month, look: MonthLook): Inheritance | null {
  const { measure, months } = look;
  if (month.subscriptionId === null) {
    return null;
  }
  if (month.inherits !== null) {
    const { month: name, creditedFrom } = month.inherits;
    const credited = months.find((one) => one.name === name);
    return credited === undefined
      ? null
      : { month: name, kept: shareUntil(credited, measure, creditedFrom) ?? 0 };
  }
  const before = usage.months.findLast((one) => one.subscriptionId === month.subscriptionId);
  return before === undefined ? null : { month: before.name, kept: null };
}

function miss(usage: UsageMonths, month: Month, { measure, knownSince }: MonthLook): UsageMonths {
  const begun = usage.months.find(({ name }) => name === month.name);
  if (begun === undefined) {
    return usage;
  }
  const isGiven =
    measure === "tokens" &&
    month.settledAt !== null &&
    (knownSince === null || knownSince < month.over);
  const own = isGiven ? Math.max(0, paidShare(month, measure) - begun.inherited) : 0;
  return withMonth(usage, { ...begun, own, missed: true });
}

/** Puts a month in force, with what was used of months that were taken back. */
function enter(usage: UsageMonths, { name }: { readonly name: string }, now: Date): UsageMonths {
  const months = forget(usage.months, name, now);
  const entered = { ...usage, months, current: name, since: now, displaced: 0 };
  return useIn(entered, name, usage.displaced);
}

function forget(months: readonly UsageMonth[], current: string, now: Date): UsageMonth[] {
  const kept = months.filter(
    ({ name, subscriptionId, end }, index) =>
      name === current ||
      now < new Date(+end + KEPT_MS) ||
      (subscriptionId !== null &&
        !months.slice(index + 1).some((later) => later.subscriptionId === subscriptionId)),
  );
  return kept.map((month) =>
    kept.some(({ name }) => name === month.from?.month) ? month : { ...month, from: null },
  );
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
