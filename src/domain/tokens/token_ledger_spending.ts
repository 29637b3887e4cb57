import { leftOf } from "../quota/usage_months.ts";
import {
  availableTokens,
  balanceOf,
  type LedgerEntry,
  nextEntry,
  type TokenBalance,
  type TokenHold,
  type UnsealedEntry,
  withPackTokens,
} from "./token_ledger.ts";
import {
  currentMonthKey,
  monthOfKey,
  withMonthlyTokens,
  withReleasedTokens,
} from "./token_months.ts";

/** A request to spend or reserve tokens. */
export interface SpendingWish {
  readonly tenantId: string;
  /** The caller's name for the request; a repetition uses the same. */
  readonly key: string;
  /** A positive safe integer. */
  readonly tokens: number;
  readonly reason: string | null;
  readonly now: Date;
}

/** Why tokens cannot be spent. */
export type SpendingRefusal =
  | { readonly type: "insufficient_tokens"; readonly balance: TokenBalance }
  /** The ledger was found damaged. An operator has to look at it first (P30). */
  | { readonly type: "spending_halted" };

/** Builds the key of a debit's entry (P23). */
export function debitKey(key: string): string {
  return `debit:${key}`;
}

/** Builds the key of a reservation's entry (P23). */
export function reserveKey(key: string): string {
  return `reserve:${key}`;
}

/**
 * Builds the key of the entry that ends a reservation. Commit and release share it, so only one can
 * happen.
 */
export function settleKey(key: string): string {
  return `settle:${key}`;
}

/** Builds the entry that spends tokens: monthly ones first, then packs (P27). */
export function debitTokens(
  last: LedgerEntry | undefined,
  { tenantId, key, tokens, reason, now }: SpendingWish,
): UnsealedEntry | SpendingRefusal {
  const taken = takeTokens(last, tokens);
  if ("type" in taken) {
    return taken;
  }
  const fact = { tenantId, key: debitKey(key), kind: "debit", reason, at: now } as const;
  const { balance, fromMonthly } = taken;
  const months = monthsAfter(last, fromMonthly);
  return nextEntry(last, { ...fact, months, source: `request:${key}` }, balance);
}

/**
 * Builds the entry that reserves tokens, monthly ones first (P28). They leave the balance at once,
 * so nobody else can spend them, and count as `reserved` until the reservation ends.
 */
export function reserveTokens(
  last: LedgerEntry | undefined,
  { tenantId, key, tokens, reason, now, expiresAt }: SpendingWish & { readonly expiresAt: Date },
): UnsealedEntry | SpendingRefusal {
  const taken = takeTokens(last, tokens);
  if ("type" in taken) {
    return taken;
  }
  const { fromMonthly: monthly, fromPacks: packs } = taken;
  const months = monthsAfter(last, monthly);
  const hold: TokenHold = { monthly, packs, grantKey: currentMonthKey(last), expiresAt };
  const fact = { tenantId, key: reserveKey(key), kind: "reserve", hold, reason, at: now } as const;
  const reserved = balanceOf(last).reserved + tokens;
  const entry = { ...fact, months, source: `request:${key}` };
  return nextEntry(last, entry, { ...taken.balance, reserved });
}

/**
 * Builds the entry that ends a reservation. Its monthly tokens are used first. Unused tokens return
 * to where they came from: monthly ones to their month or to the month that inherited their use,
 * and they expire if neither is in force any more; pack tokens pay debt first.
 *
 * @param hold what the reservation holds
 * @param used tokens that were used: 0 for a release, otherwise at most what it holds
 */
export function settleReservation(
  last: LedgerEntry,
  hold: TokenHold,
  { key, used, reason, now }: { key: string; used: number; reason: string | null; now: Date },
): UnsealedEntry {
  const balance = balanceOf(last);
  const usedMonthly = Math.min(hold.monthly, used);
  const backMonthly = hold.monthly - usedMonthly;
  const backPacks = hold.packs - (used - usedMonthly);
  const { monthly, months } = withReturned(last, hold.grantKey, backMonthly);
  return nextEntry(
    last,
    {
      tenantId: last.tenantId,
      key: settleKey(key),
      kind: used > 0 ? "commit" : "release",
      expired: backMonthly - (monthly - balance.monthly),
      months,
      hold,
      reason,
      source: `reservation:${key}`,
      at: now,
    },
    {
      ...withPackTokens(balance, backPacks),
      monthly,
      reserved: balance.reserved - heldTokens(hold),
    },
  );
}

/** Adds up the tokens that a reservation holds. */
export function heldTokens({ monthly, packs }: TokenHold): number {
  return monthly + packs;
}

/** Reads how many tokens of a reservation were used from the entry that ended it. */
export function usedTokens({ hold, amount, expired }: LedgerEntry): number {
  return hold === null ? 0 : heldTokens(hold) - amount - expired;
}

/** Counts taken monthly tokens in the months; older entries have none to change. */
function monthsAfter(last: LedgerEntry | undefined, taken: number) {
  return last?.months ? withMonthlyTokens(last.months, taken) : null;
}

function withReturned({ monthly, months, grant }: LedgerEntry, key: string | null, back: number) {
  if (months === null) {
    const isInForce = key !== null && grant?.key === key;
    return { monthly: monthly + (isInForce ? back : 0), months };
  }
  const after = key === null ? months : withReleasedTokens(months, monthOfKey(key), back);
  return { monthly: leftOf(after) ?? 0, months: after };
}

interface TakenTokens {
  readonly fromMonthly: number;
  readonly fromPacks: number;
  readonly balance: Pick<TokenBalance, "monthly" | "packs">;
}

function takeTokens(last: LedgerEntry | undefined, tokens: number): TakenTokens | SpendingRefusal {
  if (last?.halted) {
    return { type: "spending_halted" };
  }
  const balance = balanceOf(last);
  if (tokens > availableTokens(balance)) {
    return { type: "insufficient_tokens", balance };
  }
  const fromMonthly = Math.min(balance.monthly, tokens);
  const fromPacks = tokens - fromMonthly;
  return {
    fromMonthly,
    fromPacks,
    balance: { monthly: balance.monthly - fromMonthly, packs: balance.packs - fromPacks },
  };
}
