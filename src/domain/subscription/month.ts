import { type Catalog, freePlan } from "../catalog/catalog.ts";
import { calendarMonth, type Period } from "./billing_period.ts";

const SECOND_MS = 1_000;

/** What a month brings from one moment to its end, as if counted from its start. */
export interface MonthPart {
  readonly from: Date;
  readonly emails: number | null;
  readonly tokens: number;
}

export type Measure = "emails" | "tokens";

/**
 * A month in which e-mails and tokens are counted. The milliseconds of its start only order months
 * that begin in the same second; its time is measured from the whole second.
 */
export interface Month extends Period {
  /** The subscription, or `free`, and its start; a month keeps this name for good. */
  readonly name: string;
  /** `null` for a free month. */
  readonly subscriptionId: string | null;
  /** When it stops being in force; before its end if a new period began. */
  readonly over: Date;
  /** What it started with, and what was added during it. */
  readonly parts: readonly MonthPart[];
  /** The free plan's allowance, the minimum for every month. */
  readonly least: { readonly emails: number | null; readonly tokens: number };
  /** What it inherits from. */
  readonly inherits: Inherits | null;
  /** When its own unused time began to be credited. */
  readonly creditedFrom: Date | null;
  /** When it was settled; `null` for months that are lent, pending or free. */
  readonly settledAt: Date | null;
}

/** The month whose unused time was credited, and when that began. */
export interface Inherits {
  readonly month: string;
  readonly creditedFrom: Date;
  /**
   * The later months of the credited period. One that had begun before the change was paid, or heard
   * of, was used in time that is credited.
   */
  readonly replaced: readonly Month[];
}

/** Returns a month's whole allowance; `null` is unlimited. */
export function allowanceOf(month: Month, measure: Measure): number | null {
  return shareUntil(month, measure, month.end);
}

/**
 * Returns the part of a month's allowance that stays paid when the time from `until` on is
 * credited.
 */
export function shareUntil(month: Month, measure: Measure, until: Date): number | null {
  const start = wholeSecond(month.start);
  const lengthMs = +month.end - +start;
  const shareOf = (amount: number, from: Date) => {
    const elapsedMs = Math.min(Math.max(+until - +from, 0), +month.end - +from);
    return Math.floor((amount * elapsedMs) / lengthMs);
  };
  let share = 0;
  for (const part of month.parts) {
    const amount = part[measure];
    if (amount === null) {
      return null;
    }
    share += shareOf(amount, part.from);
  }
  return Math.max(share, shareOf(month.least[measure] ?? 0, start));
}

/**
 * Returns the part of a month's allowance that stays paid: all of it, unless unused time was
 * credited.
 */
export function paidShare(month: Month, measure: Measure): number {
  return shareUntil(month, measure, month.creditedFrom ?? month.end) ?? 0;
}

/** Returns when the time of a month begins. Dates of Stripe are whole seconds. */
export function wholeSecond(start: Date): Date {
  return new Date(Math.floor(+start / SECOND_MS) * SECOND_MS);
}

/** Returns the free month of a moment: one per calendar month in UTC, whatever happens in it. */
export function freeMonth(catalog: Catalog, now: Date): Month {
  const period = calendarMonth(now);
  const least = leastOf(catalog);
  return {
    ...period,
    name: `free:${period.start.toISOString()}`,
    subscriptionId: null,
    over: period.end,
    parts: [{ from: period.start, ...least }],
    least,
    inherits: null,
    creditedFrom: null,
    settledAt: null,
  };
}

/** Returns what the free plan brings, the minimum for every month. */
export function leastOf(catalog: Catalog) {
  const { monthlyEmailLimit: emails, tokensIncludedMonth: tokens } = freePlan(catalog);
  return { emails, tokens };
}
