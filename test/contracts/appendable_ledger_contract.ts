import { expect } from "chai";
import type { AppendableLedger } from "../../src/application/ports/tokens/token_ledger_store.ts";
import { LEDGER_ENTRY_KINDS } from "../../src/domain/tokens/token_ledger.ts";
import { sealEntry } from "../../src/domain/tokens/token_ledger_seal.ts";
import { sampleEntry } from "../samples/ledger.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { type Current, contract, inParallel, it, outOfReach, tally } from "./contract_subject.ts";
import { descendingFrom } from "./token_ledger_store_list_contract.ts";

/** Each tries until it was first, so the work grows with the square of their number. */
const WRITERS = 20;

/** The behaviours of every `AppendableLedger`. */
export const appendableLedgerContract = contract<AppendableLedger>(
  "as AppendableLedger",
  describeContent,
  describeAppend,
  describeHead,
  describeRaces,
  describeFind,
  outOfReach((unreachable) => [
    unreachable.last("clacme0001"),
    Promise.resolve(unreachable.append(sampleEntry(1))),
    unreachable.find("clacme0001", "key"),
  ]),
);

function describeContent(current: Current<AppendableLedger>): void {
  it("last answers undefined for a tenant without entries", async () => {
    const { store } = current();
    await store.append(sampleEntry(1));
    for (const tenantId of ["t_other", "clacme000", "clacme00011", "CLACME0001", ""]) {
      expect(await store.last(tenantId), tenantId).to.equal(undefined);
    }
  });

  it("last answers the entry with the highest seq, at once and on any connection", async () => {
    const { store, another } = current();
    for (let seq = 1; seq <= 12; seq += 1) {
      await store.append(sampleEntry(seq));
      expect(await another.last("clacme0001")).to.deep.equal(sampleEntry(seq));
    }
  });

  it("append keeps every field exactly", async () => {
    const { store, another } = current();
    const entry = sampleEntry(1);
    expect(await store.append(entry)).to.equal("appended");
    expect(await another.last("clacme0001")).to.deep.equal(entry);
    expect(await another.find("clacme0001", entry.key)).to.deep.equal(entry);
  });

  it("append keeps an entry of every kind, and one without what can be missing", async () => {
    const { store } = current();
    const missing = { grant: null, hold: null, reason: null, source: null, halted: false };
    for (const [index, kind] of LEDGER_ENTRY_KINDS.entries()) {
      const entry = sampleEntry(index + 1, { kind, ...missing, reserved: 0 });
      await store.append(entry);
      expect(await store.last("clacme0001")).to.deep.equal(entry);
    }
  });

  it("append keeps the largest integers, early and late dates and any text", async () => {
    const { store } = current();
    const most = Number.MAX_SAFE_INTEGER;
    const entry = sampleEntry(most, {
      key: DIFFICULT_TEXT,
      amount: Number.MIN_SAFE_INTEGER,
      expired: most,
      monthly: most,
      packs: most - 1,
      debt: most - 2,
      reserved: most - 3,
      hold: { monthly: most, packs: most, grantKey: null, expiresAt: new Date(-1) },
      reason: DIFFICULT_TEXT,
      source: DIFFICULT_TEXT,
      grant: { key: DIFFICULT_TEXT, tokens: most, expiresAt: new Date("9999-12-31T23:59:59.999Z") },
      at: new Date(-1),
    });
    await store.append(entry);
    expect(await store.last("clacme0001")).to.deep.equal(entry);
    expect(await store.find("clacme0001", DIFFICULT_TEXT)).to.deep.equal(entry);
  });

  it("P30 an entry that is read back has the hash it was sealed with", async () => {
    const { store } = current();
    const { hash: _, previousHash, ...entry } = sampleEntry(2);
    const sealed = await sealEntry(entry, previousHash);
    await store.append(sealed);
    const read = await store.last("clacme0001");
    expect(read).to.deep.equal(sealed);
    const { hash, previousHash: before, ...content } = read ?? sealed;
    expect((await sealEntry(content, before)).hash).to.equal(hash);
  });
}

function describeAppend(current: Current<AppendableLedger>): void {
  it("append answers seq_taken for a seq that the tenant has, changes nothing", async () => {
    const { store, another } = current();
    await store.append(sampleEntry(1));
    expect(await another.append(sampleEntry(1, { key: "other" }))).to.equal("seq_taken");
    expect(await store.last("clacme0001")).to.deep.equal(sampleEntry(1));
  });

  it("P23 append answers key_taken for a key that the tenant has, changes nothing", async () => {
    const { store, another } = current();
    await store.append(sampleEntry(1));
    const again = sampleEntry(2, { key: sampleEntry(1).key, amount: 1 });
    expect(await another.append(again)).to.equal("key_taken");
    expect(await store.last("clacme0001")).to.deep.equal(sampleEntry(1));
  });

  it("P23 append answers key_taken where both are taken, by one entry or by two", async () => {
    const { store } = current();
    await store.append(sampleEntry(1));
    await store.append(sampleEntry(2));
    expect(await store.append(sampleEntry(2))).to.equal("key_taken");
    for (const [seq, other] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const entry = sampleEntry(seq, { key: sampleEntry(other).key });
      expect(await store.append(entry)).to.equal("key_taken");
    }
    expect(await store.last("clacme0001")).to.deep.equal(sampleEntry(2));
    expect(await store.find("clacme0001", sampleEntry(1).key)).to.deep.equal(sampleEntry(1));
  });

  it("append tells keys apart by every character", async () => {
    const { store } = current();
    const keys = ["grant:a", "GRANT:a", "grant:a ", "grant:", "grant:%", "e\u0301", "\u00e9"];
    for (const [index, key] of keys.entries()) {
      expect(await store.append(sampleEntry(index + 1, { key })), key).to.equal("appended");
    }
  });

  it("P35 tenants have their own seqs and keys", async () => {
    const { store } = current();
    const tenants = ["clacme0001", "clacme00011", "clacme000"];
    for (const tenantId of tenants) {
      expect(await store.append(sampleEntry(1, { tenantId }))).to.equal("appended");
    }
    await store.append(sampleEntry(2));
    for (const tenantId of tenants.slice(1)) {
      expect(await store.last(tenantId)).to.deep.equal(sampleEntry(1, { tenantId }));
      expect(await store.find(tenantId, sampleEntry(2).key)).to.equal(undefined);
    }
  });
}

function describeHead(current: Current<AppendableLedger>): void {
  const head = (seq: number) => ({
    tenantId: "clacme0001",
    seq,
    hash: seq === 0 ? "" : sampleEntry(seq).hash,
    keyId: null,
    seal: "",
  });

  it("P30 append keeps the entry, whatever becomes of the head", async () => {
    const { store, another } = current();
    const stored = ["appended", "head_left"];
    const moves = [
      { from: head(0), to: head(1) },
      { from: head(1), to: head(2) },
      { from: head(9), to: head(3) },
      { from: null, to: head(4) },
    ];
    for (const [index, move] of moves.entries()) {
      expect(stored).to.include(await store.append(sampleEntry(index + 1), move));
      expect(await another.last("clacme0001")).to.deep.equal(sampleEntry(index + 1));
    }
    const taken = { from: head(4), to: head(5) };
    expect(await store.append(sampleEntry(4, { key: "other" }), taken)).to.equal("seq_taken");
    expect(await store.append(sampleEntry(1), { from: head(0), to: head(1) })).to.equal(
      "key_taken",
    );
  });
}

function describeRaces(current: Current<AppendableLedger>): void {
  it("of 50 parallel appends with one seq exactly one is made", async () => {
    const { store, another } = current();
    await store.append(sampleEntry(1));
    const answers = await inParallel(
      { store, another },
      50,
      async (connection, index) => await connection.append(sampleEntry(2, { key: `key:${index}` })),
    );
    expect(tally(answers)).to.deep.equal({ appended: 1, seq_taken: 49 });
    expect((await store.last("clacme0001"))?.key).to.equal(`key:${answers.indexOf("appended")}`);
  });

  it("P23 of 50 parallel appends with one key exactly one is made", async () => {
    const { store, another } = current();
    const answers = await inParallel(
      { store, another },
      50,
      async (connection, index) => await connection.append(sampleEntry(index + 1, { key: "fact" })),
    );
    expect(tally(answers)).to.deep.equal({ appended: 1, key_taken: 49 });
    expect((await store.last("clacme0001"))?.seq).to.equal(answers.indexOf("appended") + 1);
  });

  it("P23 of 50 parallel appends of one entry exactly one is made", async () => {
    const { store, another } = current();
    const answers = await inParallel(
      { store, another },
      50,
      async (connection) => await connection.append(sampleEntry(1)),
    );
    expect(tally(answers)).to.deep.equal({ appended: 1, key_taken: 49 });
  });

  it("P30 writers that retry on seq_taken leave no gap and lose nothing", async () => {
    const { store, another } = current();
    await inParallel({ store, another }, WRITERS, async (connection, index) => {
      for (;;) {
        const seq = ((await connection.last("clacme0001"))?.seq ?? 0) + 1;
        if ((await connection.append(sampleEntry(seq, { key: `key:${index}` }))) === "appended") {
          return;
        }
      }
    });
    const entries = await Promise.all(
      Array.from({ length: WRITERS }, (_, index) => store.find("clacme0001", `key:${index}`)),
    );
    const seqs = entries.map((entry) => entry?.seq ?? 0).toSorted((a, b) => b - a);
    expect(seqs).to.deep.equal(descendingFrom(WRITERS));
  });
}

function describeFind(current: Current<AppendableLedger>): void {
  it("P23 find answers the entry with a key, by every character of it", async () => {
    const { store, another } = current();
    const keys = ["debit:a", "DEBIT:a", "debit:a ", DIFFICULT_TEXT];
    for (const [index, key] of keys.entries()) {
      await store.append(sampleEntry(index + 1, { key }));
    }
    for (const [index, key] of keys.entries()) {
      expect(await another.find("clacme0001", key)).to.deep.equal(sampleEntry(index + 1, { key }));
    }
    expect(await store.find("clacme0001", "debit:")).to.equal(undefined);
    expect(await store.find("clacme0001", "")).to.equal(undefined);
  });

  it("P35 find answers entries of that tenant only", async () => {
    const { store } = current();
    await store.append(sampleEntry(1, { key: "debit:a" }));
    for (const tenantId of ["clacme000", "clacme00011", "CLACME0001", ""]) {
      expect(await store.find(tenantId, "debit:a"), tenantId).to.equal(undefined);
    }
  });
}
