import type { LedgerKey, LedgerKeys } from "./ledger_keys.ts";
import type { LedgerEntry } from "./token_ledger.ts";

/**
 * The last entry of a ledger as it is kept a second time, apart from the entries: it shows that
 * entries, or all of them, were removed (P30). It never names an entry that is not stored, and may
 * lag behind where a process died; whoever appends next, or verifies, moves it on.
 */
export interface LedgerHead {
  readonly tenantId: string;
  /** The entry's number; 0 before the first. */
  readonly seq: number;
  /** The entry's hash; empty before the first. */
  readonly hash: string;
  /** The key that sealed the head; `null` without keys. */
  readonly keyId: string | null;
  /** HMAC-SHA-256 with that key over everything above, hexadecimal; empty without keys. */
  readonly seal: string;
}

/** What a head is after an entry was appended. */
export interface HeadMove {
  /** What it is expected to be; `null` where it has to be looked at first. */
  readonly from: LedgerHead | null;
  readonly to: LedgerHead;
}

/**
 * Stands where a tenant's id does in the mark that every ledger has a head. With keys it is sealed
 * once every head is: from then on, a head without a seal was forged.
 */
export const MARK = "";

/** Makes the head that names an entry; without one, the head of a ledger that begins. */
export function sealHead(
  { tenantId, seq, hash }: Pick<LedgerEntry, "tenantId" | "seq" | "hash">,
  key: LedgerKey | null,
): LedgerHead {
  return sealed({ tenantId, seq, hash, keyId: key?.id ?? null }, key);
}

/** Makes the head of a ledger without entries. */
export function beginningHead(tenantId: string, key: LedgerKey | null): LedgerHead {
  return sealHead({ tenantId, seq: 0, hash: "" }, key);
}

/** Says what is wrong with the seal of a head, or of the mark; `undefined` if nothing is. */
export function headSealProblem(head: LedgerHead, keys: LedgerKeys): string | undefined {
  const key = head.keyId === null ? null : keys.byId.get(head.keyId);
  if (key === undefined) {
    return `its head is sealed with key ${JSON.stringify(head.keyId)}, which is not among the keys`;
  }
  return sealed(head, key).seal === head.seal ? undefined : "its head was changed";
}

/**
 * Foresees how a head moves when an entry is appended. Entries and heads of the previous release
 * have no seal: whether they may still have none has to be looked at.
 *
 * @param head what the head became with `last`, where that is known
 */
export function headMove(
  last: LedgerEntry | undefined,
  entry: LedgerEntry,
  { sealing, byId }: LedgerKeys,
  head?: LedgerHead,
): HeadMove {
  const to = sealHead(entry, sealing);
  if (head !== undefined) {
    return { from: head, to };
  }
  const key = last?.keyId == null ? null : byId.get(last.keyId);
  const isForeseen = key !== undefined && (key !== null || sealing === null);
  const from =
    last === undefined
      ? beginningHead(entry.tenantId, sealing)
      : isForeseen
        ? sealHead(last, key)
        : null;
  return { from, to };
}

function sealed(head: Omit<LedgerHead, "seal">, key: LedgerKey | null): LedgerHead {
  const { tenantId, seq, hash, keyId } = head;
  const text = JSON.stringify(["head", tenantId, seq, hash, keyId]);
  return { tenantId, seq, hash, keyId, seal: key === null ? "" : key.sign(text) };
}
