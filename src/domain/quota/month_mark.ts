import type { Period } from "../subscription/billing_period.ts";
import { currentMonth, type UsageMonths } from "./usage_months.ts";

/** The most that is kept of a tenant. */
const MAX_MARKS = 24;

/** What the month in force was when another one came into force, or when its limit changed. */
export interface MonthMark extends Period {
  /** Grows by one with each mark of a tenant, from 1. */
  readonly number: number;
  readonly name: string;
  /** `null` is unlimited. */
  readonly limit: number | null;
  readonly used: number;
  /** When a send was first refused in it; `null` if none was. */
  readonly refusedAt: Date | null;
  readonly at: Date;
}

/**
 * Adds a mark of the month that was in force if the change puts another one in force or changes its
 * limit; otherwise returns the same marks. What a clock far ahead had begun was no month.
 */
export function marksAfter(
  marks: readonly MonthMark[],
  {
    before,
    after,
    refusedAt,
    at,
  }: { before: UsageMonths; after: UsageMonths; refusedAt: Date | null; at: Date },
): readonly MonthMark[] {
  const [was, is] = [currentMonth(before), currentMonth(after)];
  const isSame = was?.name === is?.name && was?.allowance === is?.allowance;
  if (was === undefined || isSame || !after.months.some(({ name }) => name === was.name)) {
    return marks;
  }
  const { name, start, end, allowance: limit } = was;
  const used = was.inherited + was.own;
  const number = (marks.at(-1)?.number ?? 0) + 1;
  return [...marks, { number, name, start, end, limit, used, refusedAt, at }].slice(-MAX_MARKS);
}
