import type { LedgerEntry } from "../../src/domain/tokens/token_ledger.ts";
import { TENANT } from "./account.ts";
import { afterNow } from "./dates.ts";

/** A ledger entry in which every field has a value; its key and hash follow from its `seq`. */
export function sampleEntry(seq: number, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    tenantId: TENANT,
    seq,
    key: `grant:sub_1:${seq}`,
    kind: "grant",
    amount: -250,
    expired: 750,
    monthly: 500,
    packs: 40,
    debt: 3,
    reserved: 12,
    grant: { key: `grant:sub_1:${seq}`, tokens: 500, expiresAt: afterNow(seq) },
    hold: { monthly: 7, packs: 5, grantKey: `grant:sub_1:${seq}`, expiresAt: afterNow(seq + 1) },
    reason: "a reason",
    source: "invoice:in_1",
    halted: true,
    at: afterNow(-seq),
    previousHash: seq === 1 ? "" : fakeHash(seq - 1),
    hash: fakeHash(seq),
    ...changes,
  };
}

function fakeHash(seq: number): string {
  return seq.toString(16).padStart(64, "0");
}
