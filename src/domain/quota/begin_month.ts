import { allowanceOf, type Month, paidShare, shareUntil } from "../subscription/month.ts";
import { replacedBy } from "./last_begun.ts";
import type { MonthLook } from "./month_look.ts";
import {
  addMonth,
  type Inheritance,
  type UsageMonth,
  type UsageMonths,
  withMonth,
} from "./usage_months.ts";

/** Returns the months with a new one, which inherits what the look says. */
export function beginMonth(usage: UsageMonths, month: Month, look: MonthLook): UsageMonths {
  return addMonth(usage, newMonth(usage, month, look));
}

/**
 * Marks a month that has begun as missed: it was over before anybody looked. Tokens of a settled
 * one are made good: its own use becomes what it had left to give (P26).
 */
export function missMonth(
  usage: UsageMonths,
  month: Month,
  { measure, knownSince }: MonthLook,
): UsageMonths {
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

function newMonth(usage: UsageMonths, month: Month, look: MonthLook): UsageMonth {
  const from = inheritanceOf(usage, month, look);
  return {
    name: month.name,
    subscriptionId: month.subscriptionId,
    start: month.start,
    end: month.end,
    allowance: allowanceOf(month, look.measure),
    own: 0,
    inherited: from === null ? 0 : forgottenUse(usage, from, look),
    from,
    missed: false,
  };
}

/** From the month whose time was credited, or else what the previous month could not take up. */
function inheritanceOf(usage: UsageMonths, month: Month, look: MonthLook): Inheritance | null {
  const { measure, months } = look;
  if (month.subscriptionId === null) {
    return null;
  }
  if (month.inherits !== null) {
    const { month: name, creditedFrom } = month.inherits;
    const credited = months.find((one) => one.name === name);
    const used = replacedBy(month, months).reduce((sum, one) => sum + useOf(usage, one, look), 0);
    return credited === undefined
      ? null
      : { month: name, kept: (shareUntil(credited, measure, creditedFrom) ?? 0) - used };
  }
  const before = usage.months.findLast((one) => one.subscriptionId === month.subscriptionId);
  return before === undefined ? null : { month: before.name, kept: null };
}

/** What was used of a month: all of it if it had begun and is no longer kept. */
function useOf(usage: UsageMonths, month: Month, { measure }: MonthLook): number {
  const kept = usage.months.find(({ name }) => name === month.name);
  const isForgotten = usage.months.some(
    ({ subscriptionId, start }) => subscriptionId === month.subscriptionId && month.start <= start,
  );
  return kept?.own ?? (isForgotten ? (allowanceOf(month, measure) ?? 0) : 0);
}

/** What is inherited from a month that is no longer kept. */
function forgottenUse(usage: UsageMonths, { month, kept }: Inheritance, look: MonthLook): number {
  const source = look.months.find(({ name }) => name === month);
  const isKept = usage.months.some(({ name }) => name === month);
  return source === undefined || isKept || kept === null
    ? 0
    : Math.max(0, useOf(usage, source, look) - kept);
}
