import { addMonths, type Period } from "../../src/domain/subscription/billing_period.ts";

/** The "now" of the contract suites, with milliseconds. */
export const NOW = new Date("2026-03-14T15:09:26.535Z");

/** `NOW` moved by some milliseconds. */
export function afterNow(ms: number): Date {
  return new Date(NOW.getTime() + ms);
}

/** A date from its ISO form; without a time it is midnight in UTC. */
export function at(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) {
    throw new TypeError(`Cannot read date "${text}"`);
  }
  return date;
}

/** The period between two ISO dates. */
export function period(start: string, end: string): Period {
  return { start: at(start), end: at(end) };
}

/** The period of `months` months from an ISO date on. */
export function monthsFrom(start: string, months = 1): Period {
  return { start: at(start), end: addMonths(at(start), months) };
}

/** The calendar month that `NOW` is in, and the one after it. */
export const [THIS_MONTH, NEXT_MONTH] = [monthsFrom("2026-03-01"), monthsFrom("2026-04-01")];
