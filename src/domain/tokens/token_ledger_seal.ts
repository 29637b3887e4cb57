import type { UsageMonths } from "../quota/usage_months.ts";
import { type Digest, type LedgerKey, type LedgerKeys, sha256 } from "./ledger_keys.ts";
import type { LedgerEntry, UnsealedEntry } from "./token_ledger.ts";

/**
 * Chains an entry to the one before it (P30). The answer is there at once where the hash is.
 *
 * @param key seals it; without one, its hash is a plain SHA-256 that anybody can compute
 */
export function sealEntry(
  entry: UnsealedEntry,
  previousHash: string,
  key: LedgerKey | null = null,
  digest: Digest = sha256,
): LedgerEntry | Promise<LedgerEntry> {
  const chained = { ...entry, previousHash, keyId: key?.id ?? null };
  const hash = (key?.sign ?? digest)(canonicalEntry(chained));
  return typeof hash === "string"
    ? { ...chained, hash }
    : hash.then((later) => ({ ...chained, hash: later }));
}

/** Says what is wrong with an entry's hash; `undefined` if it is what the entry was sealed with. */
export async function sealProblem(
  entry: LedgerEntry,
  keys: LedgerKeys,
): Promise<string | undefined> {
  const key = entry.keyId === null ? null : keys.byId.get(entry.keyId);
  if (key === undefined) {
    return `it is sealed with key ${JSON.stringify(entry.keyId)}, which is not among the keys`;
  }
  return (await (key?.sign ?? keys.digest)(canonicalEntry(entry))) === entry.hash
    ? undefined
    : "it was changed: its hash is another";
}

/**
 * Encodes an entry as a JSON array, so that neighbouring fields cannot be confused, in an order
 * that never changes. Fields that newer releases added follow only if they are set, so that older
 * entries keep their hashes. An entry that a key seals has all of them, and the key's id.
 */
function canonicalEntry(entry: Omit<LedgerEntry, "hash">): string {
  const { grant, months, hold, reserved, reason, source, halted, keyId } = entry;
  const fields: unknown[] = [
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
  ];
  const hasMonths = keyId !== null || months !== null;
  if (hasMonths || reserved !== 0 || hold !== null || reason || source || halted) {
    const held = hold && [hold.monthly, hold.packs, hold.grantKey, hold.expiresAt.toISOString()];
    fields.push(reserved, held, reason, source, halted);
  }
  if (hasMonths) {
    fields.push(months && canonicalMonths(months));
  }
  if (keyId !== null) {
    fields.push(keyId);
  }
  return JSON.stringify(fields);
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
