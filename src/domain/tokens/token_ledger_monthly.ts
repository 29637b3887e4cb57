import type { MonthlyAllowance } from "../subscription/entitlement.ts";
import {
  balanceOf,
  type LedgerEntry,
  type MonthlyGrant,
  nextEntry,
  type UnsealedEntry,
} from "./token_ledger.ts";

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
  const { monthly } = balanceOf(last);
  const current = last?.grant ?? null;
  const grant = grantOf(allowance);
  const fact = { tenantId, grant, source: allowance.source, at: now };
  if (current?.key === allowance.key) {
    const missing = allowance.tokens - current.tokens;
    if (missing <= 0) {
      return undefined;
    }
    const key = `${allowance.key}:${allowance.tokens}`;
    return nextEntry(last, { ...fact, key, kind: "grant" }, { monthly: monthly + missing });
  }
  if (allowance.tokens === 0 && monthly === 0) {
    return undefined;
  }
  const kind = allowance.tokens > 0 ? "grant" : "expire";
  return nextEntry(
    last,
    { ...fact, key: allowance.key, kind, expired: monthly },
    { monthly: allowance.tokens },
  );
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
  const { tenantId, monthly } = last;
  return nextEntry(
    last,
    {
      tenantId,
      key: `expire:${last.seq}`,
      kind: "expire",
      expired: monthly,
      grant: grantOf(allowance),
      source: allowance.source,
      at: now,
    },
    { monthly: 0 },
  );
}

/**
 * Whether the monthly grant in force may have to be replaced: there is none, or its month is over.
 * Where it has not, whoever changed the tenant's plan has seen to the grant.
 */
export function isMonthOver(last: LedgerEntry | undefined, now: Date): boolean {
  const grant = last?.grant ?? null;
  return grant === null || grant.expiresAt <= now;
}

function grantOf({ key, tokens, period }: MonthlyAllowance): MonthlyGrant {
  return { key, tokens, expiresAt: period.end };
}
