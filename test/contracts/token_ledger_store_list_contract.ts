import { expect } from "chai";
import type { TokenLedgerStore } from "../../src/application/ports/tokens/token_ledger_store.ts";
import { LEDGER_ENTRY_KINDS } from "../../src/domain/tokens/token_ledger.ts";
import { sampleEntry } from "../samples/ledger.ts";
import { type Current, it } from "./contract_subject.ts";

/** The seqs of a whole ledger, newest first. */
export function descendingFrom(highest: number): number[] {
  return Array.from({ length: highest }, (_, index) => highest - index);
}

/** Declares what a `TokenLedgerStore` promises about `list`; part of `tokenLedgerStoreContract`. */
export function describeList(current: Current<TokenLedgerStore>): void {
  const twelve = (title: string, test: () => Promise<void>) =>
    it(`with twelve entries, ${title}`, async () => {
      const { store } = current();
      await store.append(sampleEntry(1, { tenantId: "clacme000" }));
      await store.append(sampleEntry(1, { tenantId: "clacme00011" }));
      for (let seq = 1; seq <= 12; seq += 1) {
        await store.append(sampleEntry(seq));
      }
      await test();
    });

  twelve("list answers a tenant's entries by number, newest first", async () => {
    const { store, another } = current();
    const entries = await another.list("clacme0001", { limit: 100 });
    expect(entries).to.deep.equal(descendingFrom(12).map((seq) => sampleEntry(seq)));
    expect(await store.list("t_other", { limit: 100 })).to.deep.equal([]);
  });

  twelve("list answers at most as many as the limit, and none for 0", async () => {
    const { store } = current();
    expect(await seqs(store, { limit: 3 })).to.deep.equal([12, 11, 10]);
    expect(await seqs(store, { limit: 1 })).to.deep.equal([12]);
    expect(await seqs(store, { limit: 0 })).to.deep.equal([]);
  });

  twelve("list answers entries before a seq, itself not included", async () => {
    const { store } = current();
    expect(await seqs(store, { before: 10, limit: 2 })).to.deep.equal([9, 8]);
    expect(await seqs(store, { before: 3, limit: 9 })).to.deep.equal([2, 1]);
    expect(await seqs(store, { before: 13, limit: 1 })).to.deep.equal([12]);
    expect(await seqs(store, { before: Number.MAX_SAFE_INTEGER, limit: 1 })).to.deep.equal([12]);
    for (const before of [1, 0, -1]) {
      expect(await seqs(store, { before, limit: 9 }), `before ${before}`).to.deep.equal([]);
    }
  });

  twelve("listSupplies answers the entries that do not spend, page by page", async () => {
    const { store, another } = current();
    for (const [index, kind] of LEDGER_ENTRY_KINDS.entries()) {
      await store.append(sampleEntry(13 + index, { kind }));
    }
    const kinds = async (page: { before?: number; limit: number }) =>
      (await another.listSupplies("clacme0001", page)).map(({ kind, seq }) => `${seq} ${kind}`);
    const supplies = ["21 adjustment", "20 reversal", "15 pack", "14 expire", "13 grant"];
    expect(await kinds({ limit: 5 })).to.deep.equal(supplies);
    expect(await kinds({ before: 20, limit: 2 })).to.deep.equal(supplies.slice(2, 4));
    expect(await kinds({ before: 13, limit: 1 })).to.deep.equal(["12 grant"]);
    expect(await kinds({ limit: 0 })).to.deep.equal([]);
    expect(await store.listSupplies("t_other", { limit: 9 })).to.deep.equal([]);
  });

  twelve("list leads through all entries page by page, also while new ones arrive", async () => {
    const { store } = current();
    const seen: number[] = [];
    let page = await seqs(store, { limit: 5 });
    while (page.length > 0) {
      seen.push(...page);
      await store.append(sampleEntry(12 + seen.length));
      page = await seqs(store, { before: seen.at(-1) ?? 0, limit: 5 });
    }
    expect(seen).to.deep.equal(descendingFrom(12));
  });
}

async function seqs(
  store: TokenLedgerStore,
  page: { before?: number; limit: number },
): Promise<number[]> {
  return (await store.list("clacme0001", page)).map(({ seq }) => seq);
}
