import { LEDGER_ENTRY_KINDS, type LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import type { FoundEntry } from "../../domain/tokens/token_ledger_check.ts";
import { decodeGrant, decodeHold, decodeJson, decodeMonths, instantOf } from "./stored_json.ts";

type Whole = "seq" | "amount" | "expired" | "monthly" | "packs" | "debt" | "reserved";

/** A row of `ledger_entries`, whoever wrote it, with exact integers. */
export type LedgerRow = Readonly<
  Record<Whole | "halted" | "at", bigint> &
    Record<"tenantId" | "key" | "kind" | "previousHash" | "hash", string> &
    Record<"monthGrant" | "months" | "hold" | "reason" | "source" | "keyId", string | null>
>;

/** Reads an entry from its row, or tells why it is unreadable. */
export function decodeEntry(row: LedgerRow): FoundEntry {
  try {
    return entryOf(row);
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    const seq = Number(row.seq);
    return { tenantId: row.tenantId, seq: Number.isSafeInteger(seq) ? seq : null, fault };
  }
}

function entryOf(row: LedgerRow): LedgerEntry {
  const { tenantId, key, previousHash, keyId, hash, reason, source } = row;
  return {
    tenantId,
    key,
    previousHash,
    keyId,
    hash,
    reason,
    source,
    seq: integer(row, "seq"),
    kind: kindOf(row),
    amount: integer(row, "amount"),
    expired: integer(row, "expired"),
    monthly: integer(row, "monthly"),
    packs: integer(row, "packs"),
    debt: integer(row, "debt"),
    reserved: integer(row, "reserved"),
    grant: decodeJson(row.monthGrant, decodeGrant),
    months: decodeJson(row.months, decodeMonths),
    hold: decodeJson(row.hold, decodeHold),
    halted: row.halted === 1n,
    at: instantOf(integer(row, "at")),
  };
}

function integer(row: LedgerRow, name: Whole | "at"): number {
  const value = Number(row[name]);
  if (!Number.isSafeInteger(value)) {
    throw new TypeError(`"${name}" is ${row[name]}, which is not exact`);
  }
  return value;
}

function kindOf({ kind }: LedgerRow): LedgerEntry["kind"] {
  const known = LEDGER_ENTRY_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) {
    throw new TypeError(`"kind" is ${JSON.stringify(kind)}, which is none`);
  }
  return known;
}
