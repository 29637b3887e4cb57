import { allowanceOf, type Month, paidShare, shareUntil } from "../subscription/month.ts";
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

/** From the month whose time was credited, or else what the previous month could not take up. */
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
