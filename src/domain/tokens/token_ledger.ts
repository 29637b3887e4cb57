import type { UsageMonths } from "../quota/usage_months.ts";

/**
 * What an entry of the token ledger records.
 *
 * - `grant`: the tokens of a month, and what expired of the month before.
 * - `expire`: a month ended and none follows.
 * - `pack`: a paid token pack.
 * - `debit`: tokens that were used.
 * - `reserve`: tokens held for a use whose cost is not known yet.
 * - `commit`: ends a reservation that was used; unused tokens come back.
 * - `release`: ends a reservation that was not used, or has expired.
 * - `reversal`: a refund or dispute of a pack, or the end of one.
 * - `adjustment`: an operator's correction, or a halt of a tenant's spending or its end.
 */
export const LEDGER_ENTRY_KINDS = [
  "grant",
  "expire",
  "pack",
  "debit",
  "reserve",
  "commit",
  "release",
  "reversal",
  "adjustment",
] as const;

export type LedgerEntryKind = (typeof LEDGER_ENTRY_KINDS)[number];

/**
 * Kinds that add or remove tokens other than by use. There are few of them, however much is spent.
 */
export const SUPPLY_KINDS = [
  "grant",
  "expire",
  "pack",
  "reversal",
  "adjustment",
] as const satisfies readonly LedgerEntryKind[];

/** A tenant's AI tokens by origin. All are safe integers and never negative. */
export interface TokenBalance {
  /** Left of the monthly grant; expires with it. */
  readonly monthly: number;
  /** Left of bought packs; never expires. */
  readonly packs: number;
  /** Owed after a refund of tokens that were already spent; there are no pack tokens then. */
  readonly debt: number;
  /** Held by open reservations, and no longer in `monthly` or `packs`. */
  readonly reserved: number;
}

/** The monthly grant in force, which entries written before release 0.2 have instead of months. */
export interface MonthlyGrant {
  /** The key of the allowance it fulfils. */
  readonly key: string;
  /** Tokens granted for it so far, including spent ones. */
  readonly tokens: number;
  /** When its month ends. */
  readonly expiresAt: Date;
}

/** The tokens a reservation holds, by origin. */
export interface TokenHold {
  readonly monthly: number;
  readonly packs: number;
  /** The grant key of the month that its monthly tokens came from and return to. */
  readonly grantKey: string | null;
  /** When the reservation expires. */
  readonly expiresAt: Date;
}

/** A line of the ledger with the balance after it. Entries are never changed or removed. */
export interface LedgerEntry extends TokenBalance {
  readonly tenantId: string;
  /** 1, 2, 3 and so on per tenant, without gaps. */
  readonly seq: number;
  /** The business fact; unique per tenant, so that nothing is recorded twice (P23). */
  readonly key: string;
  readonly kind: LedgerEntryKind;
  /** Change of `monthly + packs - debt`. The sum over all entries is the balance (P30). */
  readonly amount: number;
  /**
   * Monthly tokens that expired with this entry because their month ended; included in `amount`.
   */
  readonly expired: number;
  /** Only in older entries; `null` if `months` says more. */
  readonly grant: MonthlyGrant | null;
  /**
   * The months after this entry, so that the last entry says everything; `null` in older entries.
   */
  readonly months: UsageMonths | null;
  /** What a reservation holds: on its `reserve` entry, and again on the entry that ends it. */
  readonly hold: TokenHold | null;
  /** For people; `null` if the kind says enough. */
  readonly reason: string | null;
  /** The origin, such as `invoice:in_1`, `checkout:cs_1` or `request:key`. */
  readonly source: string | null;
  /** Whether spending is halted from here on because the ledger was found damaged (P30). */
  readonly halted: boolean;
  readonly at: Date;
  /** Hash of the previous entry; empty for the first. */
  readonly previousHash: string;
  /** The key that sealed it; `null` for a plain hash, as before release 0.2 or without keys. */
  readonly keyId: string | null;
  /** HMAC-SHA-256 with that key, else SHA-256, over everything above; hexadecimal. */
  readonly hash: string;
}

/** An entry that is not chained to the previous one yet. */
export type UnsealedEntry = Omit<LedgerEntry, "previousHash" | "keyId" | "hash">;

/** Returns the balance after an entry; all zero before the first. */
export function balanceOf(last: TokenBalance | undefined): TokenBalance {
  return {
    monthly: last?.monthly ?? 0,
    packs: last?.packs ?? 0,
    debt: last?.debt ?? 0,
    reserved: last?.reserved ?? 0,
  };
}

/** Adds up a balance. Reserved tokens have already left it. */
export function totalOf({ monthly, packs, debt }: Omit<TokenBalance, "reserved">): number {
  return monthly + packs - debt;
}

/** Returns the tokens that can be spent. */
export function availableTokens(balance: Omit<TokenBalance, "reserved">): number {
  return Math.max(0, totalOf(balance));
}

const BALANCE_PARTS = ["monthly", "packs", "debt", "reserved"] as const;

/** What an entry records besides the resulting balance. */
export interface LedgerFact {
  readonly tenantId: string;
  readonly key: string;
  readonly kind: LedgerEntryKind;
  readonly at: Date;
  readonly expired?: number;
  /** Left out, the months of the previous entry stay. */
  readonly months?: UsageMonths | null;
  readonly hold?: TokenHold | null;
  readonly reason?: string | null;
  readonly source?: string | null;
  /** Left out, it stays as before. */
  readonly halted?: boolean;
}

/**
 * Builds the entry that follows `last` and leads to a balance. What `balance` leaves out stays.
 *
 * @throws {RangeError} when part of the balance would be negative or too large to be exact
 */
export function nextEntry(
  last: LedgerEntry | undefined,
  fact: LedgerFact,
  balance: Partial<TokenBalance>,
): UnsealedEntry {
  const before = balanceOf(last);
  const after = { ...before, ...balance };
  const amount = totalOf(after) - totalOf(before);
  for (const name of BALANCE_PARTS) {
    const tokens = after[name];
    if (!Number.isSafeInteger(tokens) || tokens < 0) {
      throw new RangeError(`Cannot record "${fact.key}": ${name} would become ${tokens}`);
    }
  }
  if (!Number.isSafeInteger(totalOf(after)) || !Number.isSafeInteger(amount)) {
    throw new RangeError(`Cannot record "${fact.key}": the balance would be too large`);
  }
  const months = fact.months ?? last?.months ?? null;
  return {
    tenantId: fact.tenantId,
    seq: (last?.seq ?? 0) + 1,
    key: fact.key,
    kind: fact.kind,
    amount,
    expired: fact.expired ?? 0,
    ...after,
    grant: months === null ? (last?.grant ?? null) : null,
    months,
    hold: fact.hold ?? null,
    reason: fact.reason ?? null,
    source: fact.source ?? null,
    halted: fact.halted ?? last?.halted ?? false,
    at: fact.at,
  };
}

/** Adds tokens that never expire: they pay debt first, the rest joins the packs (P27). */
export function withPackTokens({ packs, debt }: TokenBalance, tokens: number) {
  const paid = Math.min(debt, tokens);
  return { packs: packs + tokens - paid, debt: debt - paid };
}

/** Takes tokens back from the packs; what is missing becomes debt. */
export function withoutPackTokens({ packs, debt }: TokenBalance, tokens: number) {
  const taken = Math.min(packs, tokens);
  return { packs: packs - taken, debt: debt + tokens - taken };
}

/**
 * Checks a number of tokens.
 *
 * @throws {RangeError} unless it is a positive safe integer
 */
export function requireTokens(tokens: number): number {
  if (!Number.isSafeInteger(tokens) || tokens <= 0) {
    throw new RangeError(`Cannot count ${tokens} tokens: a positive safe integer is needed`);
  }
  return tokens;
}
