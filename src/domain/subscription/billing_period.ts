/** A half-open interval in UTC: it includes `start` and excludes `end`. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/**
 * Returns the calendar month in UTC that contains `now`: the period of tenants that never paid
 * (P33).
 */
export function calendarMonth(now: Date): Period {
  const year = now.getUTCFullYear();
  const month = now.getUTCMonth();
  return {
    start: new Date(Date.UTC(year, month, 1)),
    end: new Date(Date.UTC(year, month + 1, 1)),
  };
}

/**
 * Adds whole calendar months to `anchor` in UTC and keeps the time of day. A day that the target
 * month lacks becomes its last day. Always count from the anchor, so that the day never drifts (31
 * Jan + 1 = 28 Feb, + 2 = 31 Mar).
 */
export function addMonths(anchor: Date, months: number): Date {
  const year = anchor.getUTCFullYear();
  const month = anchor.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const moved = new Date(anchor);
  moved.setUTCFullYear(year, month, Math.min(anchor.getUTCDate(), lastDay));
  return moved;
}
