import { expect } from "chai";
import type { LedgerHeadStore } from "../../src/application/ports/tokens/ledger_head_store.ts";
import { type LedgerHead, MARK } from "../../src/domain/tokens/ledger_head.ts";
import { contract, inParallel, it, outOfReach } from "./contract_subject.ts";

/** The behaviours that every `LedgerHeadStore` has. */
export const ledgerHeadStoreContract = contract<LedgerHeadStore>(
  "as LedgerHeadStore",
  (current) => {
    it("P30 read answers what a move has made, on any connection", async () => {
      const { store, another } = current();
      expect(await store.read("clacme0001")).to.equal(undefined);
      expect(await store.move({ from: null, to: head(0) })).to.equal(true);
      expect(await another.read("clacme0001")).to.deep.equal(head(0));
      expect(await another.move({ from: head(0), to: head(7, { keyId: null }) })).to.equal(true);
      expect(await store.read("clacme0001")).to.deep.equal(head(7, { keyId: null }));
      expect(await store.move({ from: head(7, { keyId: null }), to: head(8) })).to.equal(true);
      expect(await store.read("clacme000")).to.equal(undefined);
    });

    it("P30 move changes nothing where the head is another, in whatever part of it", async () => {
      const { store } = current();
      await store.move({ from: null, to: head(5) });
      const others: Partial<LedgerHead>[] = [
        { seq: 4 },
        { hash: "other" },
        { keyId: "2025" },
        { keyId: null },
        { seal: "other" },
      ];
      for (const other of others) {
        expect(await store.move({ from: head(5, other), to: head(6) })).to.equal(false);
      }
      expect(await store.move({ from: null, to: head(6) })).to.equal(false);
      expect(await store.read("clacme0001")).to.deep.equal(head(5));
    });

    it("P30 of 40 parallel moves from one head exactly one is made", async () => {
      const { store, another } = current();
      await store.move({ from: null, to: head(1) });
      const moved = await inParallel({ store, another }, 40, (connection, index) =>
        connection.move({ from: head(1), to: head(2, { seal: `seal ${index}` }) }),
      );
      expect(moved.filter(Boolean)).to.have.length(1);
      expect((await store.read("clacme0001"))?.seal).to.equal(`seal ${moved.indexOf(true)}`);
    });

    it("P30 of 40 parallel beginnings exactly one is made", async () => {
      const { store, another } = current();
      const begun = await inParallel({ store, another }, 40, (connection) =>
        connection.move({ from: null, to: head(0) }),
      );
      expect(begun.filter(Boolean)).to.have.length(1);
    });

    it("put stores a head whatever it was, and one that was not there", async () => {
      const { store, another } = current();
      await store.put(head(5));
      await another.put(head(3, { keyId: null, seal: "" }));
      expect(await store.read("clacme0001")).to.deep.equal(head(3, { keyId: null, seal: "" }));
    });

    it("list answers the heads in order, page by page, and never the mark", async () => {
      const { store, another } = current();
      await store.put(head(0, { tenantId: MARK }));
      expect(await store.list({ limit: 9 })).to.deep.equal([]);
      const heads = ["t_a", "t_a_1", "t_b", "t_c"].map((tenantId) => head(1, { tenantId }));
      for (const one of heads.toReversed()) {
        await store.put(one);
      }
      expect(await another.list({ limit: 9 })).to.deep.equal(heads);
      expect(await store.list({ after: "t_a", limit: 2 })).to.deep.equal(heads.slice(1, 3));
      expect(await store.list({ after: "t_c", limit: 2 })).to.deep.equal([]);
      expect(await store.read(MARK)).to.deep.equal(head(0, { tenantId: MARK }));
    });
  },
  outOfReach((unreachable) => [
    unreachable.read("clacme0001"),
    unreachable.move({ from: null, to: head(1) }),
    unreachable.move({ from: head(1), to: head(2) }),
    unreachable.put(head(1)),
    unreachable.list({ limit: 1 }),
  ]),
);

function head(seq: number, changes: Partial<LedgerHead> = {}): LedgerHead {
  const hash = seq.toString(16).padStart(64, "0");
  return { tenantId: "clacme0001", seq, hash, keyId: "2026", seal: `seal of ${seq}`, ...changes };
}
