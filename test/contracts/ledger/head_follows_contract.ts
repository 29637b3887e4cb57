import { expect } from "chai";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import type { LedgerHead } from "../../../src/domain/tokens/ledger_head.ts";
import { sampleEntry } from "../../samples/ledger.ts";
import { contract, it } from "../contract_subject.ts";

/** What the ledger and the heads of a `BillingStore` do together. */
export const headFollowsContract = contract<BillingStore>("as ledger and heads", (current) => {
  it("P30 before the first entry is stored there is a head; one that is there stays", async () => {
    const { ledger, ledgerHeads } = current().store;
    const answer = await ledger.append(sampleEntry(1), { from: head(0), to: head(1) });
    const expected = answer === "appended" ? head(1) : head(0);
    expect(await ledgerHeads.read("clacme0001")).to.deep.equal(expected);
    const other = { ...head(7), tenantId: "t_other" };
    await ledgerHeads.put(other);
    const begins = { from: { ...head(0), tenantId: "t_other" }, to: other };
    await ledger.append(sampleEntry(1, { tenantId: "t_other" }), begins);
    expect(await ledgerHeads.read("t_other")).to.deep.equal(other);
  });

  it("P30 the head has moved where append says so, and is as it was where it does not", async () => {
    const { ledger, ledgerHeads } = current().store;
    await ledgerHeads.put(head(1));
    await ledger.append(sampleEntry(1));
    const moved = await ledger.append(sampleEntry(2), { from: head(1), to: head(2) });
    const expected = moved === "appended" ? head(2) : head(1);
    expect(await ledgerHeads.read("clacme0001")).to.deep.equal(expected);
    const left = await ledger.append(sampleEntry(3), { from: head(9), to: head(3) });
    expect(left).to.equal("head_left");
    const taken = { from: expected, to: head(3) };
    expect(await ledger.append(sampleEntry(3, { key: "other" }), taken)).to.equal("seq_taken");
    expect(await ledgerHeads.read("clacme0001")).to.deep.equal(expected);
  });
});

function head(seq: number): LedgerHead {
  const hash = seq === 0 ? "" : sampleEntry(seq).hash;
  return { tenantId: "clacme0001", seq, hash, keyId: "2026", seal: `seal of ${seq}` };
}
