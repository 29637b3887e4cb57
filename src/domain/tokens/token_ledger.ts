import type { UsageMonths } from "../quota/usage_months.ts";

/**
 * What an entry of the token ledger records.
 *
 * - `grant`: tokens of a month, with what expired of the month before.
 * - `expire`: a month ended and none follows.
 * - `pack`: a paid token pack.
 * - `debit`: tokens that were used.
 * - `reserve`: tokens that are held for a use whose cost is not known yet.
 * - `commit`: the end of a reservation that was used; the tokens that were not come back.
 * - `release`: the end of a reservation that was not used, or has expired.
 * - `reversal`: a refund or dispute of a pack, or the end of one.
 * - `adjustment`: an operator's correction, or the halt and release of a tenant's spending.
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

/** One of {@link LEDGER_ENTRY_KINDS}. */
export type LedgerEntryKind = (typeof LEDGER_ENTRY_KINDS)[number];

/** Kinds by which tokens come or go otherwise than by use: few, however much is spent. */
export const SUPPLY_KINDS = [
  "grant",
  "expire",
  "pack",
  "reversal",
  "adjustment",
] as const satisfies readonly LedgerEntryKind[];

/** AI tokens a tenant has, by where they come from. All are safe integers, never negative. */
export interface TokenBalance {
  /** Left of the monthly grant; expires with it. */
  readonly monthly: number;
  /** Left of bought packs; never expires. */
  readonly packs: number;
  /** Owed after a refund of tokens that were already spent; then there are no pack tokens. */
  readonly debt: number;
  /** Held by open reservations; in neither `monthly` nor `packs` any more. */
  readonly reserved: number;
}

/** The monthly grant in force, as entries of releases before 0.2 have it in place of the months. */
export interface MonthlyGrant {
  /** Key of the allowance it fulfils. */
  readonly key: string;
  /** Tokens granted for it so far, spent ones included. */
  readonly tokens: number;
  /** When the month it belongs to is over. */
  readonly expiresAt: Date;
}

/** Tokens that a reservation holds, by where they came from. */
export interface TokenHold {
  readonly monthly: number;
  readonly packs: number;
  /** Key of the grant of the month that its monthly tokens were taken from, and come back to. */
  readonly grantKey: string | null;
  /** When the reservation ends by itself. */
  readonly expiresAt: Date;
}

/** One line of the ledger, with the balance after it. Entries are never changed or removed. */
export interface LedgerEntry extends TokenBalance {
  readonly tenantId: string;
  /** 1, 2, 3 ... without gaps, per tenant. */
  readonly seq: number;
  /** The business fact recorded; unique per tenant, so nothing is recorded twice (P23). */
  readonly key: string;
  readonly kind: LedgerEntryKind;
  /** Change of `monthly + packs - debt`; the sum over all entries is the balance (P30). */
  readonly amount: number;
  /** Monthly tokens that ended with this entry, their month being over; included in `amount`. */
  readonly expired: number;
  /** In older entries only; `null` where `months` says more. */
  readonly grant: MonthlyGrant | null;
  /** The months after it, so that the last entry says it all; `null` in older entries. */
  readonly months: UsageMonths | null;
  /** What a reservation holds: on its `reserve`, and again on the entry that ends it. */
  readonly hold: TokenHold | null;
  /** For people; `null` where the kind says it all. */
  readonly reason: string | null;
  /** What it follows from, like `invoice:in_1`, `checkout:cs_1`, `request:key`. */
  readonly source: string | null;
  /** Whether spending is halted from here on, because the ledger was found damaged (P30). */
  readonly halted: boolean;
  readonly at: Date;
  /** Hash of the entry before; empty for the first. */
  readonly previousHash: string;
  /** SHA-256, hexadecimal, over everything above. */
  readonly hash: string;
}

/** An entry that has not been chained to the one before it yet. */
export type UnsealedEntry = Omit<LedgerEntry, "previousHash" | "hash">;

/** The balance after an entry; nothing at all before the first. */
export function balanceOf(last: TokenBalance | undefined): TokenBalance {
  return {
    monthly: last?.monthly ?? 0,
    packs: last?.packs ?? 0,
    debt: last?.debt ?? 0,
    reserved: last?.reserved ?? 0,
  };
}

/** What an entry adds to the ledger's sum: reserved tokens have left it already. */
export function totalOf({ monthly, packs, debt }: Omit<TokenBalance, "reserved">): number {
  return monthly + packs - debt;
}

/** Tokens that can be spent. */
export function availableTokens(balance: Omit<TokenBalance, "reserved">): number {
  return Math.max(0, totalOf(balance));
}

/** What an entry records beside the balance that it leads to. */
export interface LedgerFact {
  readonly tenantId: string;
  readonly key: string;
  readonly kind: LedgerEntryKind;
  readonly at: Date;
  readonly expired?: number;
  /** Left out: those of the entry before. */
  readonly months?: UsageMonths | null;
  readonly hold?: TokenHold | null;
  readonly reason?: string | null;
  readonly source?: string | null;
  /** Left out: as before. */
  readonly halted?: boolean;
}

/**
 * The entry that follows `last` and leads to a balance; what `balance` leaves out stays.
 *
 * @throws {RangeError} when a part of the balance would be negative or too large to be exact
 */
export function nextEntry(
  last: LedgerEntry | undefined,
  fact: LedgerFact,
  balance: Partial<TokenBalance>,
): UnsealedEntry {
  const before = balanceOf(last);
  const after = { ...before, ...balance };
  const amount = totalOf(after) - totalOf(before);
  for (const [name, tokens] of Object.entries(after)) {
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

/** Tokens that join a balance for good: they pay debt first, the rest joins the packs (P27). */
export function withPackTokens({ packs, debt }: TokenBalance, tokens: number) {
  const paid = Math.min(debt, tokens);
  return { packs: packs + tokens - paid, debt: debt - paid };
}

/** Tokens that are taken back: from the packs, and what is not there any more becomes debt. */
export function withoutPackTokens({ packs, debt }: TokenBalance, tokens: number) {
  const taken = Math.min(packs, tokens);
  return { packs: packs - taken, debt: debt + tokens - taken };
}

/**
 * A number of tokens that somebody asks for.
 *
 * @throws {RangeError} unless it is a positive integer that is exact
 */
export function requireTokens(tokens: number): number {
  if (!Number.isSafeInteger(tokens) || tokens <= 0) {
    throw new RangeError(`Cannot count ${tokens} tokens: a positive safe integer is needed`);
  }
  return tokens;
}
