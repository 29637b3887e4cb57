import { currentMonth } from "../quota/usage_months.ts";
import type { Period } from "../subscription/billing_period.ts";
import { wholeSecond } from "../subscription/month.ts";
import { monthStart } from "./earlier_months.ts";
import { type LedgerEntry, totalOf } from "./token_ledger.ts";
import { currentMonthKey, monthOfKey } from "./token_months.ts";

/** How a month's AI tokens were granted, bought and used. */
export interface TokenPeriod extends Period {
  /** Tokens from the plan. */
  readonly granted: number;
  /** Tokens used, including those from packs; held tokens count until they come back. */
  readonly used: number;
  /** How many of the used tokens came from packs. */
  readonly usedPacks: number;
  /** Tokens of packs paid in this month. */
  readonly bought: number;
}

/**
 * Lists the months of a ledger, newest first. The last one may be incomplete if `supplies` leaves
 * out older entries. Usage is the balance after one supply less the balance before the next, so no
 * spending entry has to be read.
 *
 * @param last the ledger's last entry
 * @param supplies the entries of `SUPPLY_KINDS`, newest first, none after `last`
 */
export function tokenPeriods(
  last: LedgerEntry,
  supplies: readonly LedgerEntry[],
): readonly TokenPeriod[] {
  const months = new Map<string, { newest: LedgerEntry; entries: LedgerEntry[] }>();
  for (const entry of supplies) {
    const key = monthNameOf(entry);
    if (key !== null) {
      const month = months.get(key) ?? { newest: entry, entries: [] };
      month.entries.push(entry);
      months.set(key, month);
    }
  }
  const nextOf = new Map(supplies.map((entry, index) => [entry, supplies[index - 1]]));
  return [...months.values()].flatMap(({ newest, entries }) => {
    const next = nextOf.get(newest);
    const month = monthOf(newest, entries);
    if (month === null) {
      return [];
    }
    const net = sum(entries.map((entry) => totalOf(entry) - totalBefore(nextOf.get(entry), last)));
    const used = Math.max(0, net);
    const left = next === undefined ? last.monthly : next.expired;
    const usedMonthly = Math.min(Math.max(0, month.granted - month.inherited - left), used);
    return {
      start: month.start,
      end: month.end,
      granted: month.granted,
      used,
      usedPacks: used - usedMonthly,
      bought: sum(entries.filter(({ kind }) => kind === "pack").map(({ amount }) => amount)),
    };
  });
}

function monthNameOf(entry: LedgerEntry): string | null {
  const key = currentMonthKey(entry);
  return key && monthOfKey(key);
}

/**
 * Finds the month in force at an entry; older entries have a grant whose key tells when it began.
 */
function monthOf(newest: LedgerEntry, entries: readonly LedgerEntry[]) {
  const { grant, months } = newest;
  const month = months && currentMonth(months);
  if (month) {
    const { start, end, allowance, inherited } = month;
    return { start: wholeSecond(start), end, granted: allowance ?? 0, inherited };
  }
  const start = grant && (monthStart(grant.key) ?? entries.at(-1)?.at);
  return grant && start
    ? { start, end: grant.expiresAt, granted: grant.tokens, inherited: 0 }
    : null;
}

/** The balance's total right before a supply, or at the end of the ledger. */
function totalBefore(next: LedgerEntry | undefined, last: LedgerEntry): number {
  return next === undefined ? totalOf(last) : totalOf(next) - next.amount;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
