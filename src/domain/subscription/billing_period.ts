/**
 * A half-open stretch of time in UTC: `start` belongs to it, `end` does not.
 */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** Whether two periods share at least one instant. */
export function overlaps(a: Period, b: Period): boolean {
  return a.start < b.end && b.start < a.end;
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

/**
 * The month of a longer paid period that contains `now`, counted from the subscription's billing
 * cycle anchor and clipped to the period (P26). Before the period it is the first month, after
 * the period the last one: a renewal that is late does not open a month that nobody paid for.
 */
export function monthSlice(period: Period, anchor: Date, now: Date): Period {
  const lastInstant = new Date(period.end.getTime() - 1);
  const at = now < period.start ? period.start : now > lastInstant ? lastInstant : now;
  let months =
    (at.getUTCFullYear() - anchor.getUTCFullYear()) * 12 +
    (at.getUTCMonth() - anchor.getUTCMonth());
  if (addMonths(anchor, months) > at) {
    months -= 1;
  }
  const start = addMonths(anchor, months);
  const end = addMonths(anchor, months + 1);
  return {
    start: new Date(Math.max(start.getTime(), period.start.getTime())),
    end: new Date(Math.min(end.getTime(), period.end.getTime())),
  };
}
