import { isBefore } from "../instants.ts";
import type { Month } from "../subscription/month.ts";
import type { UsageMonth, UsageMonths } from "./usage_months.ts";

/**
 * Returns the latest begun month of a subscription, apart from those that a change has replaced
 * which was paid, or heard of, after they had begun.
 */
export function lastBegun(
  { months }: UsageMonths,
  subscriptionId: string | null,
  known: readonly Month[],
): UsageMonth | undefined {
  const replaced = new Set(
    known.flatMap((month) => replacedBy(month, known)).map(({ name }) => name),
  );
  return months
    .filter((month) => month.subscriptionId === subscriptionId && !replaced.has(month.name))
    .reduce<UsageMonth | undefined>(
      (last, month) => (last !== undefined && isBefore(month.start, last.start) ? last : month),
      undefined,
    );
}

/** Returns when the latest such month began, even if it is no longer kept. */
export function lastBeginning(
  usage: UsageMonths,
  subscriptionId: string | null,
  known: readonly Month[],
): Date | undefined {
  const hasBegun = ({ name }: Month) => usage.months.some((month) => month.name === name);
  const opener = known.find((month) => replacedBy(month, known).some(hasBegun));
  const credited = known.find(({ name }) => name === opener?.inherits?.month);
  return lastBegun(usage, subscriptionId, known)?.start ?? credited?.start;
}

/** Returns the months that a month's period has replaced, apart from those that it has itself. */
export function replacedBy({ inherits }: Month, known: readonly Month[]): readonly Month[] {
  const replaced = inherits?.replaced ?? [];
  return replaced.filter(({ name }) => known.every((month) => month.name !== name));
}
