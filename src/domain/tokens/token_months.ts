import type { MonthStep } from "../quota/advance_months.ts";
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

/** What a ledger entry records of a change of the months, beside what every entry has. */
export interface TokenMonthFact {
  /** The month's own for what happens once to it (P23). */
  readonly key: string;
  readonly kind: "grant" | "expire" | "reversal";
  /** Monthly tokens after it. */
  readonly monthly: number;
  /** Monthly tokens that ended with it. */
  readonly expired: number;
  /** Pack tokens that were made good, or, negative, are taken back again (P26). */
  readonly packTokens: number;
  /** The months after it: every entry carries them, so that the last one says it all. */
  readonly months: UsageMonths;
}

/**
 * The entry for a step of the months. A month is begun or made good under its own key, so that it
 * is once; after a healing under another, because the wrong clock has used that one.
 *
 * @param before the balance and the months before the step, and the entry's own `seq`
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

/** The ledger's key for the grant of a month; the previous release wrote the same (P23). */
export function monthKey(name: string): string {
  return `grant:${name}`;
}

/** The name of the month that a grant's key belongs to; a free month is one, whatever was before. */
export function monthOfKey(key: string): string {
  return key.replace(/^grant:/, "").replace(/^free-after-[^:]+:/, "free:");
}

/** The entry that records a fact about the months. */
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
 * Whether the month in force may have to be replaced: there is none, or it is over. Where it has
 * not, whoever changed the tenant's plan has seen to it.
 */
export function isMonthOver(last: LedgerEntry | undefined, now: Date): boolean {
  const end = last?.months ? currentMonth(last.months)?.end : last?.grant?.expiresAt;
  return end === undefined || end <= now;
}

/** Key of the grant of the month in force; `null` before the first. */
export function currentMonthKey(last: LedgerEntry | undefined): string | null {
  const name = last?.months?.current ?? null;
  return name === null ? (last?.grant?.key ?? null) : monthKey(name);
}

/** The months after tokens were taken from the month in force, or, negative, have come back. */
export function withMonthlyTokens(months: UsageMonths, tokens: number): UsageMonths {
  return useIn(months, months.current, tokens);
}

/** The months after held tokens of a month, which may be over, have come back. */
export function withReleasedTokens(months: UsageMonths, month: string, tokens: number) {
  return useIn(months, month, 0 - tokens);
}

function kindOf(usage: UsageMonths): "grant" | "expire" {
  return (leftOf(usage) ?? 0) > 0 ? "grant" : "expire";
}
