import type { MonthlyAllowance } from "./entitlement.ts";

/** What an entry of the token ledger records. */
export type LedgerEntryKind = "grant" | "expire";

/** AI tokens a tenant has, by where they come from. All are safe integers, never negative. */
export interface TokenBalance {
  /** Left of the monthly grant; expires with it. */
  readonly monthly: number;
  /** Left of bought packs; never expires. */
  readonly packs: number;
  /** Owed after a refund of tokens that were already spent. */
  readonly debt: number;
}

/** The monthly grant that is in force. */
export interface MonthlyGrant {
  /** Key of the allowance it fulfils. */
  readonly key: string;
  /** Tokens granted for it so far, spent ones included. */
  readonly tokens: number;
  /** When the month it belongs to is over. */
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
  /** Part of the old monthly grant that ended with this entry; included in `amount`. */
  readonly expired: number;
  readonly grant: MonthlyGrant | null;
  readonly at: Date;
  /** Hash of the entry before; empty for the first. */
  readonly previousHash: string;
  /** SHA-256, hexadecimal, over everything above. */
  readonly hash: string;
}

/** An entry that has not been chained to the one before it yet. */
export type UnsealedEntry = Omit<LedgerEntry, "previousHash" | "hash">;

/** The balance after an entry; nothing at all before the first. */
export function balanceOf(last: LedgerEntry | undefined): TokenBalance {
  return {
    monthly: last?.monthly ?? 0,
    packs: last?.packs ?? 0,
    debt: last?.debt ?? 0,
  };
}

/** Tokens that can be spent. */
export function availableTokens({ monthly, packs, debt }: TokenBalance): number {
  return Math.max(0, monthly + packs - debt);
}

/**
 * The entry that brings the monthly tokens up to an allowance, or `undefined` when nothing is
 * missing. A new month replaces what is left of the old one in one entry (P25); within a month
 * an allowance that grew is topped up and one that shrank is left alone (P24).
 */
export function grantMonthly(
  tenantId: string,
  last: LedgerEntry | undefined,
  allowance: MonthlyAllowance,
  now: Date,
): UnsealedEntry | undefined {
  const balance = balanceOf(last);
  const current = last?.grant ?? null;
  const base = { tenantId, seq: (last?.seq ?? 0) + 1, packs: balance.packs, debt: balance.debt };
  if (current?.key === allowance.key) {
    const missing = allowance.tokens - current.tokens;
    if (missing <= 0) {
      return undefined;
    }
    return {
      ...base,
      key: `${allowance.key}:${allowance.tokens}`,
      kind: "grant",
      amount: missing,
      expired: 0,
      monthly: balance.monthly + missing,
      grant: grantOf(allowance, allowance.tokens),
      at: now,
    };
  }
  if (allowance.tokens === 0 && balance.monthly === 0) {
    return undefined;
  }
  return {
    ...base,
    key: allowance.key,
    kind: allowance.tokens > 0 ? "grant" : "expire",
    amount: allowance.tokens - balance.monthly,
    expired: balance.monthly,
    monthly: allowance.tokens,
    grant: grantOf(allowance, allowance.tokens),
    at: now,
  };
}

/**
 * The entry that ends the monthly grant in force where the one that should follow was granted
 * before already (a tenant that came back to it): what is left expires, nothing is added.
 */
export function expireMonthly(
  last: LedgerEntry,
  allowance: MonthlyAllowance,
  now: Date,
): UnsealedEntry | undefined {
  if (last.monthly === 0 && last.grant === null) {
    return undefined;
  }
  return {
    tenantId: last.tenantId,
    seq: last.seq + 1,
    key: `expire:${last.seq}`,
    kind: "expire",
    amount: -last.monthly,
    expired: last.monthly,
    monthly: 0,
    packs: last.packs,
    debt: last.debt,
    grant: grantOf(allowance, allowance.tokens),
    at: now,
  };
}

function grantOf(allowance: MonthlyAllowance, tokens: number): MonthlyGrant {
  return { key: allowance.key, tokens, expiresAt: allowance.period.end };
}

/** Chains an entry to the one before it (P30). */
export async function sealEntry(entry: UnsealedEntry, previousHash: string): Promise<LedgerEntry> {
  const chained = { ...entry, previousHash };
  const bytes = new TextEncoder().encode(canonicalEntry(chained));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { ...chained, hash };
}

function canonicalEntry(entry: Omit<LedgerEntry, "hash">): string {
  return JSON.stringify([
    entry.tenantId,
    entry.seq,
    entry.key,
    entry.kind,
    entry.amount,
    entry.expired,
    entry.monthly,
    entry.packs,
    entry.debt,
    entry.grant && [entry.grant.key, entry.grant.tokens, entry.grant.expiresAt.toISOString()],
    entry.at.toISOString(),
    entry.previousHash,
  ]);
}
