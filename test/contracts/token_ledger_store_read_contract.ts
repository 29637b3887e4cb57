import { expect } from "chai";
import type { TokenLedgerStore } from "../../src/application/ports/tokens/token_ledger_store.ts";
import type { FoundEntry } from "../../src/domain/tokens/token_ledger_check.ts";
import { sampleEntry } from "../samples/ledger.ts";
import { type Current, expectPortError, it } from "./contract_subject.ts";

/**
 * Declares what a `TokenLedgerStore` promises about `entries` and `tenants`; part of
 * `tokenLedgerStoreContract`.
 */
export function describeReading(current: Current<TokenLedgerStore>): void {
  describeEntries(current);
  describeTenants(current);
}

function describeEntries(current: Current<TokenLedgerStore>): void {
  it("P30 entries answers a whole ledger, oldest first, and no other tenant's", async () => {
    const { store, another } = current();
    await store.append(sampleEntry(1, { tenantId: "clacme000" }));
    await store.append(sampleEntry(1, { tenantId: "clacme00011" }));
    for (let seq = 1; seq <= 1_100; seq += 1) {
      await store.append(sampleEntry(seq));
    }
    const entries = await all(another.entries("clacme0001"));
    expect(entries.map(({ seq }) => seq)).to.deep.equal(
      Array.from({ length: 1_100 }, (_, index) => index + 1),
    );
    expect(entries[700]).to.deep.equal(sampleEntry(701));
    expect(await all(store.entries("clacme000"))).to.have.length(1);
    expect(await all(store.entries("t_other"))).to.deep.equal([]);
  });

  it("P30 entries answers what is there, whatever its numbers are", async () => {
    const { store } = current();
    for (const seq of [-1, 3, 900_000]) {
      await store.append(sampleEntry(seq));
    }
    const seqs = (await all(store.entries("clacme0001"))).map(({ seq }) => seq);
    expect(seqs).to.deep.equal([-1, 3, 900_000]);
  });

  it("entries can be left before its end", async () => {
    const { store } = current();
    for (let seq = 1; seq <= 3; seq += 1) {
      await store.append(sampleEntry(seq));
    }
    for await (const entry of store.entries("clacme0001")) {
      expect(entry.seq).to.equal(1);
      break;
    }
    expect(await all(store.entries("clacme0001"))).to.have.length(3);
  });

  it("entries throws PortError when the database is out of reach", async () => {
    await expectPortError(all(current().unreachable.entries("clacme0001")));
  });
}

function describeTenants(current: Current<TokenLedgerStore>): void {
  it("tenants answers each tenant that has a ledger once, in order, page by page", async () => {
    const { store, another } = current();
    expect(await store.tenants({ limit: 9 })).to.deep.equal([]);
    for (const tenantId of ["t_b", "t_a", "t_c", "t_a_1", "t_d"]) {
      await store.append(sampleEntry(1, { tenantId }));
      await store.append(sampleEntry(2, { tenantId }));
    }
    const sorted = ["t_a", "t_a_1", "t_b", "t_c", "t_d"];
    expect(await another.tenants({ limit: 9 })).to.deep.equal(sorted);
    expect(await store.tenants({ limit: 2 })).to.deep.equal(sorted.slice(0, 2));
    expect(await store.tenants({ after: "t_a_1", limit: 2 })).to.deep.equal(sorted.slice(2, 4));
    expect(await store.tenants({ after: "t_a_2", limit: 9 })).to.deep.equal(sorted.slice(2));
    expect(await store.tenants({ after: "t_d", limit: 9 })).to.deep.equal([]);
    expect(await store.tenants({ limit: 0 })).to.deep.equal([]);
  });
}

async function all(entries: AsyncIterable<FoundEntry>): Promise<FoundEntry[]> {
  const read: FoundEntry[] = [];
  for await (const entry of entries) {
    read.push(entry);
  }
  return read;
}
