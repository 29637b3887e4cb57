import {
  availableTokens,
  balanceOf,
  type LedgerEntry,
  nextEntry,
  type TokenBalance,
  type UnsealedEntry,
  withPackTokens,
} from "./token_ledger.ts";
import { withMonthlyTokens } from "./token_months.ts";

/** Who corrects a ledger and why. Both stay in it for good. */
export interface Correction {
  readonly tenantId: string;
  /** Unique per correction. */
  readonly key: string;
  readonly reason: string;
  /** A person's name. */
  readonly operator: string;
  readonly now: Date;
}

/**
 * Builds the entry that gives tokens (they pay debt first and never expire) or takes some (from
 * packs first, then monthly ones). Returns the balance if there are not enough to take.
 *
 * @param tokens a safe integer other than 0
 * @throws {RangeError} when the balance would be too large to be exact
 */
export function adjustTokens(
  last: LedgerEntry | undefined,
  correction: Correction,
  tokens: number,
): UnsealedEntry | { readonly type: "insufficient_tokens"; readonly balance: TokenBalance } {
  const balance = balanceOf(last);
  if (tokens > 0) {
    return nextEntry(last, factOf(correction), withPackTokens(balance, tokens));
  }
  if (-tokens > availableTokens(balance)) {
    return { type: "insufficient_tokens", balance };
  }
  const fromPacks = Math.min(balance.packs, -tokens);
  const fromMonthly = -tokens - fromPacks;
  const months = last?.months ? withMonthlyTokens(last.months, fromMonthly) : null;
  return nextEntry(
    last,
    { ...factOf(correction), months },
    { packs: balance.packs - fromPacks, monthly: balance.monthly - fromMonthly },
  );
}

/** Builds the entry that halts or resumes a tenant's spending; `undefined` if nothing changes. */
export function haltSpending(
  last: LedgerEntry | undefined,
  correction: Correction,
  halted: boolean,
): UnsealedEntry | undefined {
  return (last?.halted ?? false) === halted
    ? undefined
    : nextEntry(last, { ...factOf(correction), halted }, {});
}

function factOf({ tenantId, key, reason, operator, now }: Correction) {
  const kind = "adjustment" as const;
  return {
    tenantId,
    key: `adjustment:${key}`,
    kind,
    reason,
    source: `operator:${operator}`,
    at: now,
  };
}
