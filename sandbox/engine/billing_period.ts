import type { WirePrice } from "../state/wire.ts";

/** How often a price renews, such as every 3 months. */
export type Recurrence = Pick<NonNullable<WirePrice["recurring"]>, "interval" | "interval_count">;

const DAY_SECONDS = 86_400;
const SHORTEST_DAYS: Record<string, number> = { day: 1, week: 7, month: 28, year: 365 };
const LONGEST_DAYS: Record<string, number> = { day: 1, week: 7, month: 31, year: 366 };

/**
 * The start of period `count`, counted from the billing cycle anchor in Unix seconds. Months and
 * years keep the anchor's day, or take the month's last day where it is missing; counting from the
 * anchor keeps them from drifting (31 Jan, 28 Feb, 31 Mar).
 */
export function periodBoundary(anchor: number, recurrence: Recurrence, count: number): number {
  const units = recurrence.interval_count * count;
  switch (recurrence.interval) {
    case "day":
      return anchor + units * DAY_SECONDS;
    case "week":
      return anchor + units * 7 * DAY_SECONDS;
    case "year":
      return addMonths(anchor, units * 12);
    default:
      return addMonths(anchor, units);
  }
}

/** The period around an instant, as the anchor, which may lie ahead, cuts time; Unix seconds. */
export function periodAt(
  anchor: number,
  recurrence: Recurrence,
  at: number,
): { start: number; end: number } {
  const days = at < anchor ? SHORTEST_DAYS : LONGEST_DAYS;
  const length = (days[recurrence.interval] ?? 28) * recurrence.interval_count * DAY_SECONDS;
  let count = Math.floor((at - anchor) / length) - 1;
  while (periodBoundary(anchor, recurrence, count + 1) <= at) {
    count += 1;
  }
  return {
    start: periodBoundary(anchor, recurrence, count),
    end: periodBoundary(anchor, recurrence, count + 1),
  };
}

/** The end of the period that starts at `start`, in Unix seconds. */
export function periodEnd(anchor: number, recurrence: Recurrence, start: number): number {
  return periodAt(anchor, recurrence, start).end;
}

function addMonths(anchor: number, months: number): number {
  const date = new Date(anchor * 1000);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  date.setUTCFullYear(year, month, Math.min(date.getUTCDate(), lastDay));
  return date.getTime() / 1000;
}
