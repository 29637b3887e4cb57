/**
 * A half-open stretch of time in UTC: `start` belongs to it, `end` does not.
 */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** The calendar month in UTC that contains `now`: the period of tenants that never paid (P33). */
export function calendarMonth(now: Date): Period {
  const year = now.getUTCFullYear();
  const month = now.getUTCMonth();
  return {
    start: new Date(Date.UTC(year, month, 1)),
    end: new Date(Date.UTC(year, month + 1, 1)),
  };
}

/**
 * `anchor` moved by whole calendar months in UTC, time of day kept. A day that the target month
 * lacks becomes its last day; counting always starts from the anchor, so it never drifts
 * (31 Jan + 1 = 28 Feb, + 2 = 31 Mar).
 */
export function addMonths(anchor: Date, months: number): Date {
  const year = anchor.getUTCFullYear();
  const month = anchor.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const moved = new Date(anchor);
  moved.setUTCFullYear(year, month, Math.min(anchor.getUTCDate(), lastDay));
  return moved;
}
