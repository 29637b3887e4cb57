import type { UsageMonths } from "../quota/usage_months.ts";
import type { LedgerEntry, UnsealedEntry } from "./token_ledger.ts";

/** Chains an entry to the one before it (P30). */
export async function sealEntry(entry: UnsealedEntry, previousHash: string): Promise<LedgerEntry> {
  const chained = { ...entry, previousHash };
  const bytes = new TextEncoder().encode(canonicalEntry(chained));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { ...chained, hash };
}

/**
 * Encodes an entry as a JSON array, so that neighbouring fields cannot be confused, in an order
 * that never changes. Fields that newer releases added follow only if they are set, so that older
 * entries keep their hashes.
 */
function canonicalEntry(entry: Omit<LedgerEntry, "hash">): string {
  const { grant, months, hold, reserved, reason, source, halted } = entry;
  const added = [
    reserved,
    hold && [hold.monthly, hold.packs, hold.grantKey, hold.expiresAt.toISOString()],
    reason,
    source,
    halted,
  ];
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
    grant && [grant.key, grant.tokens, grant.expiresAt.toISOString()],
    entry.at.toISOString(),
    entry.previousHash,
    ...(months !== null || added.some(Boolean) ? added : []),
    ...(months === null ? [] : [canonicalMonths(months)]),
  ]);
}

function canonicalMonths({ months, current, since, healings, displaced }: UsageMonths) {
  const each = months.map((month) => [
    month.name,
    month.subscriptionId,
    month.start.toISOString(),
    month.end.toISOString(),
    month.allowance,
    month.own,
    month.inherited,
    month.from && [month.from.month, month.from.kept],
    month.missed,
  ]);
  return [each, current, since.toISOString(), healings, displaced];
}
