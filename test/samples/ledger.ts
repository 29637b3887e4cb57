import { type LedgerEntry, nextEntry } from "../../src/domain/tokens/token_ledger.ts";
import { sealEntry } from "../../src/domain/tokens/token_ledger_seal.ts";
import { TENANT } from "./account.ts";
import { afterNow, at } from "./dates.ts";

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
    months: {
      months: [
        {
          name: "sub_1:2026-03-10",
          subscriptionId: "sub_1",
          start: afterNow(50),
          end: afterNow(51),
          allowance: null,
          own: 7,
          inherited: 3,
          from: { month: "sub_1:2026-02-10", kept: null },
          missed: true,
        },
        {
          name: "free:2026-03-01",
          subscriptionId: null,
          start: afterNow(52),
          end: afterNow(53),
          allowance: 500,
          own: 0,
          inherited: 0,
          from: null,
          missed: false,
        },
      ],
      current: "free:2026-03-01",
      since: afterNow(54),
      healings: 1,
      displaced: 2,
    },
    hold: { monthly: 7, packs: 5, grantKey: `grant:sub_1:${seq}`, expiresAt: afterNow(seq + 1) },
    reason: "a reason",
    source: "invoice:in_1",
    halted: true,
    at: afterNow(-seq),
    previousHash: seq === 1 ? "" : fakeHash(seq - 1),
    keyId: "2026",
    hash: fakeHash(seq),
    ...changes,
  };
}

/** The sealed entry that follows `last` and brings ten tokens of a pack. */
export async function packEntry(last: LedgerEntry | undefined): Promise<LedgerEntry> {
  const fact = { tenantId: TENANT, key: "pack:cs_1", kind: "pack", at: at("2026-03-15") } as const;
  return await sealEntry(nextEntry(last, fact, { packs: 10 }), last?.hash ?? "");
}

function fakeHash(seq: number): string {
  return seq.toString(16).padStart(64, "0");
}
