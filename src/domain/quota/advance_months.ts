import { isBefore } from "../instants.ts";
import { allowanceOf, type Month } from "../subscription/month.ts";
import { beginMonth, missMonth } from "./begin_month.ts";
import { lastBeginning, lastBegun } from "./last_begun.ts";
import type { MonthLook } from "./month_look.ts";
import {
  currentMonth,
  type UsageMonth,
  type UsageMonths,
  useIn,
  withMonth,
} from "./usage_months.ts";

const DAY_MS = 86_400_000;
/** A month that begins further in the future was begun by a wrong clock. */
export const MAX_AHEAD_MS = 5 * 60_000;
/** How long finished months are kept, so that late releases still find the month that inherited. */
const KEPT_MS = 62 * DAY_MS;
const KEPT_IN_FORCE = 3;

/**
 * One change of the months.
 *
 * - `heal`: takes back months that a clock far ahead had begun.
 * - `miss`: begins a month that is already over; `madeGood` is what it had left to give.
 * - `begin`: begins a month and puts it in force.
 * - `return`: puts a month back in force that had been left.
 * - `grow`: enlarges the allowance of the month in force.
 */
export interface MonthStep {
  readonly type: "heal" | "miss" | "begin" | "return" | "grow";
  readonly month: string;
  readonly madeGood: number;
  /**
   * The state after this step. Each state is safe to store, so a crash between two steps loses
   * nothing.
   */
  readonly usage: UsageMonths;
}

/**
 * Brings the months in line with a look; returns no steps if they already are. The months of a
 * subscription only go forward: each begins once, in order, and returning to one begins nothing. A
 * look by a clock that is behind changes nothing, and repeated looks at the same truth change
 * nothing either (P25).
 */
export function advanceMonths(before: UsageMonths, look: MonthLook, now: Date): MonthStep[] {
  const healed = heal(before, now);
  const usage = healed?.usage ?? before;
  const steps = healed === undefined ? [] : [healed];
  if (isBefore(now, usage.since)) {
    return steps;
  }
  let state = usage;
  for (const month of unseenMonths(usage, look, now)) {
    state = missMonth(beginMonth(state, month, look), month, look);
    const madeGood = state.months.at(-1)?.own ?? 0;
    steps.push({ type: "miss", month: month.name, madeGood, usage: state });
  }
  return [...steps, ...goTo(state, targetOf(state, look), { look, now })];
}

/** Returns the state after a look. */
export function advancedMonths(before: UsageMonths, look: MonthLook, now: Date): UsageMonths {
  return advanceMonths(before, look, now).at(-1)?.usage ?? before;
}

/**
 * Finds settled months that were over before they were settled and are no longer kept: renewals
 * paid after their month, or after a later one. The ledger knows by a month's name whether it was
 * begun; if it was not, it is made good (P26).
 */
export function monthsSettledLate(usage: UsageMonths, { months }: MonthLook): Month[] {
  const last = lastBeginning(usage, months[0]?.subscriptionId ?? null, months);
  return months.filter(
    ({ name, settledAt, over, start }) =>
      settledAt !== null &&
      !isBefore(settledAt, over) &&
      last !== undefined &&
      isBefore(start, last) &&
      !usage.months.some((kept) => kept.name === name),
  );
}

function heal(before: UsageMonths, now: Date): MonthStep | undefined {
  const latest = new Date(+now + MAX_AHEAD_MS);
  const ahead = before.months.filter(({ start }) => isBefore(latest, start));
  if (!isBefore(latest, before.since) && ahead.length === 0) {
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
    displaced: current === null ? before.displaced + displaced : 0,
  };
  return {
    type: "heal",
    month: before.current ?? "",
    madeGood: 0 - madeGood,
    usage: useIn(usage, current, before.displaced + displaced),
  };
}

/**
 * The month that a look asks for, or a later month of the same subscription, which is never undone.
 */
function targetOf(
  usage: UsageMonths,
  { month, months, goesOn }: MonthLook,
): { readonly name: string } {
  const last = lastBegun(usage, month.subscriptionId, months);
  const isKnown = usage.months.some(({ name }) => name === month.name);
  return last !== undefined && isBefore(month.start, last.start) && (goesOn || !isKnown)
    ? last
    : month;
}

function goTo(
  usage: UsageMonths,
  { name }: { readonly name: string },
  { look, now }: { look: MonthLook; now: Date },
): MonthStep[] {
  const { month, measure } = look;
  const target = usage.months.find((one) => one.name === name);
  const about = { month: name, madeGood: 0 };
  if (target === undefined) {
    const begun = beginMonth(usage, month, look);
    return [{ ...about, type: "begin", usage: enter(begun, month, now) }];
  }
  if (isBehind(usage, target, look)) {
    return [];
  }
  const wanted = name === month.name ? allowanceOf(month, measure) : 0;
  const allowance = larger(target.allowance, wanted);
  const grown = withMonth(usage, { ...target, allowance });
  if (usage.current !== name) {
    return [{ ...about, type: "return", usage: enter(grown, target, now) }];
  }
  return allowance === target.allowance ? [] : [{ ...about, type: "grow", usage: grown }];
}

/** Whether a look by a slow clock asks for a month before one that the look itself knows. */
function isBehind(usage: UsageMonths, target: UsageMonth, { months }: MonthLook): boolean {
  const running = currentMonth(usage);
  return (
    running !== undefined &&
    running.subscriptionId === target.subscriptionId &&
    target.start < running.start &&
    (running.subscriptionId === null || months.some(({ name }) => name === running.name))
  );
}

/** Months of the subscription that were over before anybody looked, in order. */
function unseenMonths(usage: UsageMonths, look: MonthLook, now: Date): Month[] {
  const { month, months, subscriptionLives } = look;
  const last = lastBeginning(usage, months[0]?.subscriptionId ?? null, months);
  if (last === undefined && !subscriptionLives) {
    return [];
  }
  return months.filter(
    ({ name, start, over }) =>
      name !== month.name && !isBefore(now, over) && (last === undefined || isBefore(last, start)),
  );
}

/** Puts a month in force and charges it with what was used of months that were taken back. */
function enter(usage: UsageMonths, { name }: { readonly name: string }, now: Date): UsageMonths {
  const months = forget(usage.months, name, now);
  const entered = { ...usage, months, current: name, since: now, displaced: 0 };
  return useIn(entered, name, usage.displaced);
}

/**
 * Forgets months that ended long ago, but never a subscription's last month nor the last ones in
 * force: a clock far ahead must not make a month begin again.
 */
function forget(months: readonly UsageMonth[], current: string, now: Date): UsageMonth[] {
  const lastInForce = months.filter(({ missed }) => !missed).slice(-KEPT_IN_FORCE);
  const kept = months.filter(
    (month, index) =>
      month.name === current ||
      now < new Date(+month.end + KEPT_MS) ||
      lastInForce.includes(month) ||
      (month.subscriptionId !== null &&
        !months.slice(index + 1).some((later) => later.subscriptionId === month.subscriptionId)),
  );
  return kept.map((month) =>
    kept.some(({ name }) => name === month.from?.month) ? month : { ...month, from: null },
  );
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
