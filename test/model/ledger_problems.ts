import { createHash, createHmac } from "node:crypto";
import type { UsageMonths } from "../../src/domain/quota/usage_months.ts";
import type { LedgerEntry } from "../../src/domain/tokens/token_ledger.ts";

/**
 * P30, checked from outside: numbers, keys, sums and hashes of a ledger, oldest entry first.
 *
 * @param keys what may have sealed it, as `id:secret`
 */
export function ledgerProblems(
  entries: readonly LedgerEntry[],
  keys: readonly string[] = [],
): string[] {
  const problems: string[] = [];
  let sum = 0;
  let previousHash = "";
  for (const [index, entry] of entries.entries()) {
    sum += entry.amount;
    if (entry.seq !== index + 1) {
      problems.push(`entry ${index + 1} has the number ${entry.seq}`);
    }
    if (entry.previousHash !== previousHash || hashOf(entry, keys) !== entry.hash) {
      problems.push(`entry ${entry.seq} breaks the chain`);
    }
    if (sum !== entry.monthly + entry.packs - entry.debt) {
      problems.push(`entry ${entry.seq} has another balance than the sum, ${sum}`);
    }
    previousHash = entry.hash;
  }
  if (new Set(entries.map(({ key }) => key)).size !== entries.length) {
    problems.push("a key repeats");
  }
  return problems;
}

function monthsOf({ months, current, since, healings, displaced }: UsageMonths) {
  const all = months.map((month) => [
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
  return [all, current, since.toISOString(), healings, displaced];
}

/** The hash as the ledger's documentation has it, by code of its own. */
function hashOf(entry: LedgerEntry, keys: readonly string[]): string {
  const { grant, months, hold, at, keyId } = entry;
  const isSealed = keyId !== null;
  const younger = [
    entry.reserved,
    hold && [hold.monthly, hold.packs, hold.grantKey, hold.expiresAt.toISOString()],
    entry.reason,
    entry.source,
    entry.halted,
  ];
  const fields = [
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
    at.toISOString(),
    entry.previousHash,
    ...(isSealed || months !== null || younger.some(Boolean) ? younger : []),
    ...(isSealed || months !== null ? [months && monthsOf(months)] : []),
    ...(isSealed ? [keyId] : []),
  ];
  const key = keys.find((one) => one.startsWith(`${keyId}:`));
  const hash = key ? createHmac("sha256", key.slice(key.indexOf(":") + 1)) : createHash("sha256");
  return hash.update(JSON.stringify(fields)).digest("hex");
}
