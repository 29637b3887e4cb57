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

/** What somebody wants to spend or set aside. */
export interface SpendingWish {
  readonly tenantId: string;
  /** The caller's name for it: a repetition has the same. */
  readonly key: string;
  /** A positive safe integer. */
  readonly tokens: number;
  readonly reason: string | null;
  readonly now: Date;
}

/** Why tokens cannot be spent. */
export type SpendingRefusal =
  | { readonly type: "insufficient_tokens"; readonly balance: TokenBalance }
  /** The ledger was found damaged; an operator has to look at it first (P30). */
  | { readonly type: "spending_halted" };

/** Key of the entry for a debit (P23). */
export function debitKey(key: string): string {
  return `debit:${key}`;
}

/** Key of the entry that makes a reservation (P23). */
export function reserveKey(key: string): string {
  return `reserve:${key}`;
}

/** Key of the entry that ends a reservation. Commit and release share it: only one happens. */
export function settleKey(key: string): string {
  return `settle:${key}`;
}

/** The entry that uses tokens: the monthly ones first, then packs (P27). */
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
 * The entry that sets tokens aside, the monthly ones first (P28). They leave the balance at once,
 * so that nobody else can spend them, and count as `reserved` until the reservation ends.
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
 * The entry that ends a reservation. Used are its monthly tokens first. The others come back to
 * where they came from: monthly ones to their month, or to the one that inherited their use, and
 * expire where neither is in force any more; pack tokens pay debt first.
 *
 * @param hold what the reservation holds
 * @param used tokens that were used: 0 for a release, else at most what it holds
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

/** All tokens that a reservation holds. */
export function heldTokens({ monthly, packs }: TokenHold): number {
  return monthly + packs;
}

/** How many tokens of a reservation were used, by the entry that ended it. */
export function usedTokens({ hold, amount, expired }: LedgerEntry): number {
  return hold === null ? 0 : heldTokens(hold) - amount - expired;
}

/** The months after monthly tokens were taken; an older entry has none to change. */
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
