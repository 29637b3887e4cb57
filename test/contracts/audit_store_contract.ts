import { expect } from "chai";
import type { AuditStore } from "../../src/application/ports/audit/audit_store.ts";
import { sampleAuditEntry } from "../samples/account.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { contract, expectPortError, inParallel, it, tally } from "./contract_subject.ts";

/** The behaviours that every `AuditStore` has. */
export const auditStoreContract = contract<AuditStore>("as AuditStore", (current) => {
  it("P38 list answers what was appended, by revision, the last one first", async () => {
    const { store, another } = current();
    for (const revision of [2, 11, 1, 9]) {
      expect(await store.append(sampleAuditEntry(revision))).to.equal("appended");
    }
    expect(await another.list("clacme0001", { limit: 9 })).to.deep.equal(
      [11, 9, 2, 1].map((revision) => sampleAuditEntry(revision)),
    );
    expect(await store.list("clacme0001", { limit: 0 })).to.deep.equal([]);
  });

  it("P38 list answers pages without gaps or repetitions", async () => {
    const { store } = current();
    for (const revision of [1, 2, 3, 4, 5]) {
      await store.append(sampleAuditEntry(revision));
    }
    const pages = [undefined, 4, 2, 1].map(async (before) => {
      const page = await store.list("clacme0001", { before, limit: 2 });
      return page.map(({ revision }) => revision);
    });
    expect(await Promise.all(pages)).to.deep.equal([[5, 4], [3, 2], [1], []]);
  });

  it("P35 list answers the entries of one tenant only", async () => {
    const { store } = current();
    await store.append(sampleAuditEntry(1));
    await store.append(sampleAuditEntry(1, { tenantId: "clacme000" }));
    const found = await store.list("clacme000", { limit: 9 });
    expect(found).to.deep.equal([sampleAuditEntry(1, { tenantId: "clacme000" })]);
    expect(await store.list("t_ac", { limit: 9 })).to.deep.equal([]);
  });

  it("P38 append keeps the first entry of a revision", async () => {
    const { store, another } = current();
    await store.append(sampleAuditEntry(3));
    const other = sampleAuditEntry(3, { cause: { type: "reconciliation" } });
    expect(await another.append(other)).to.equal("exists");
    expect(await store.list("clacme0001", { limit: 9 })).to.deep.equal([sampleAuditEntry(3)]);
  });

  it("P38 of many parallel appends of one revision exactly one is made", async () => {
    const { store, another } = current();
    const answers = await inParallel({ store, another }, 40, (connection) =>
      connection.append(sampleAuditEntry(1)),
    );
    expect(tally(answers)).to.deep.equal({ appended: 1, exists: 39 });
    expect(await store.list("clacme0001", { limit: 99 })).to.have.length(1);
  });

  it("append keeps every cause, text and value exactly", async () => {
    const { store } = current();
    const entries = [
      sampleAuditEntry(5, { cause: { type: "request", userId: DIFFICULT_TEXT } }),
      sampleAuditEntry(4, { cause: { type: "operator", name: DIFFICULT_TEXT } }),
      sampleAuditEntry(3, { cause: { type: "reconciliation" } }),
      sampleAuditEntry(2, { cause: { type: "service" } }),
      sampleAuditEntry(1, {
        fields: [
          { field: "a.b", before: DIFFICULT_TEXT, after: null },
          { field: "$set", before: Number.MAX_SAFE_INTEGER, after: -0.5 },
          { field: "__proto__", before: true, after: false },
        ],
      }),
    ];
    for (const entry of entries) {
      await store.append(entry);
    }
    expect(await store.list("clacme0001", { limit: 9 })).to.deep.equal(entries);
  });

  it("every method throws PortError when the database is out of reach", async () => {
    const { unreachable } = current();
    await expectPortError(unreachable.append(sampleAuditEntry(1)));
    await expectPortError(unreachable.list("clacme0001", { limit: 9 }));
  });
});
