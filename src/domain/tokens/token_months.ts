import { isBefore } from "../instants.ts";
import type { MonthStep } from "../quota/advance_months.ts";
import type { MonthLook } from "../quota/month_look.ts";
import { currentMonth, leftOf, type UsageMonths, useIn } from "../quota/usage_months.ts";
import {
  balanceOf,
  type LedgerEntry,
  nextEntry,
  type TokenBalance,
  type UnsealedEntry,
  withoutPackTokens,
  withPackTokens,
} from "./token_ledger.ts";

/** What a ledger entry records about a change of the months, besides the fields of every entry. */
export interface TokenMonthFact {
  /** The month's own key for what happens to it only once (P23). */
  readonly key: string;
  readonly kind: "grant" | "expire" | "reversal";
  /** Monthly tokens after the change. */
  readonly monthly: number;
  /** Monthly tokens that expired with the change. */
  readonly expired: number;
  /** Pack tokens that were made good; negative if they are taken back (P26). */
  readonly packTokens: number;
  /** The months after the change. Every entry carries them, so the last one says everything. */
  readonly months: UsageMonths;
}

/**
 * Describes a step of the months as a ledger fact. A month is begun or made good under its own key,
 * so that it happens once; after a healing under another key, because the wrong clock used that
 * one.
 *
 * @param before the balance and months before the step, and the entry's own `seq`
 */
export function tokenMonthFact(
  { type, month, madeGood, usage }: MonthStep,
  before: { readonly balance: Pick<TokenBalance, "monthly">; readonly seq: number },
): TokenMonthFact {
  const { monthly: was } = before.balance;
  const monthly = leftOf(usage) ?? 0;
  const common = { monthly, packTokens: madeGood, months: usage };
  const again = usage.healings === 0 ? "" : `:${usage.healings}`;
  switch (type) {
    case "begin":
      return { ...common, key: monthKey(month) + again, kind: kindOf(usage), expired: was };
    case "miss":
      return { ...common, key: monthKey(month) + again, kind: "grant", monthly: was, expired: 0 };
    case "return":
      return { ...common, key: `return:${before.seq}`, kind: kindOf(usage), expired: was };
    case "grow": {
      const allowance = currentMonth(usage)?.allowance ?? 0;
      const key = `${monthKey(month)}:${allowance}${again}`;
      return { ...common, key, kind: "grant", expired: 0 };
    }
    case "heal":
      return { ...common, key: `heal:${before.seq}`, kind: "reversal", expired: was };
    default:
      return type satisfies never;
  }
}

/** Builds the ledger key of a month's grant, the same that the previous release wrote (P23). */
export function monthKey(name: string): string {
  return `grant:${name}`;
}

/**
 * Reads the month's name from a grant's key. All free grants of a calendar month name one month.
 */
export function monthOfKey(key: string): string {
  return key.replace(/^grant:/, "").replace(/^free-after-[^:]+:/, "free:");
}

/** Builds the entry that records a fact about the months. */
export function monthEntry(
  last: LedgerEntry | undefined,
  fact: TokenMonthFact,
  about: { readonly tenantId: string; readonly source: string | null; readonly now: Date },
): UnsealedEntry {
  const { key, kind, monthly, expired, packTokens, months } = fact;
  const balance = balanceOf(last);
  const packs =
    packTokens < 0
      ? withoutPackTokens(balance, 0 - packTokens)
      : withPackTokens(balance, packTokens);
  const { tenantId, source, now: at } = about;
  const entry = { tenantId, key, kind, expired, months, source, at };
  return nextEntry(last, entry, { monthly, ...packs });
}

/**
 * Whether the month in force may have to be replaced: there is none, or it is over. Otherwise,
 * whoever changed the tenant's plan has already taken care of it.
 */
export function isMonthOver(last: LedgerEntry | undefined, now: Date): boolean {
  const end = last?.months ? currentMonth(last.months)?.end : last?.grant?.expiresAt;
  return end === undefined || !isBefore(now, end);
}

/** Returns the grant key of the month in force; `null` before the first. */
export function currentMonthKey(last: LedgerEntry | undefined): string | null {
  const name = last?.months?.current ?? null;
  return name === null ? (last?.grant?.key ?? null) : monthKey(name);
}

/** Counts tokens taken from the month in force; a negative number gives them back. */
export function withMonthlyTokens(months: UsageMonths, tokens: number): UsageMonths {
  return useIn(months, months.current, tokens);
}

/** Gives held tokens back to a month, which may already be over. */
export function withReleasedTokens(months: UsageMonths, month: string, tokens: number) {
  return useIn(months, month, 0 - tokens);
}

function kindOf(usage: UsageMonths): "grant" | "expire" {
  return (leftOf(usage) ?? 0) > 0 ? "grant" : "expire";
}

/** Whether a step leaves no entry: a month without tokens after none. */
export function leavesNothing({ type, usage }: MonthStep, last: LedgerEntry | undefined): boolean {
  const allowance = currentMonth(usage)?.allowance ?? 0;
  return type === "begin" && allowance === 0 && (last?.monthly ?? 0) === 0;
}

/** The month that a step is about, and when it begins. */
export function startOfStep({ month, usage }: MonthStep, { months }: MonthLook) {
  const found = months.find(({ name }) => name === month);
  return { name: month, start: found?.start ?? usage.since };
}

/**
 * Removes a grant that was made before (P23): a month that is no longer kept, or that an older
 * release granted, returns with all of it used.
 */
export function withoutGrant(
  fact: TokenMonthFact,
  { month }: MonthStep,
  seq: number,
): TokenMonthFact {
  const allowance = fact.months.months.find(({ name }) => name === month)?.allowance ?? 0;
  const key = `return:${seq}`;
  const isInForce = fact.months.current === month;
  return isInForce
    ? { ...fact, key, kind: "expire", monthly: 0, months: useIn(fact.months, month, allowance) }
    : { ...fact, key, packTokens: 0 };
}
