import { expect } from "chai";
import { subjectOf } from "../../contracts/contract_subject.ts";
import { emailLeaseStoreContract } from "../../contracts/email_lease_store_contract.ts";
import { emailUsageStoreContract } from "../../contracts/email_usage_store_contract.ts";
import { sqliteInFile, sqliteInMemory } from "../../contracts/opened_sqlite.ts";
import { TENANT } from "../../samples/account.ts";
import { afterNow, NOW, THIS_MONTH } from "../../samples/dates.ts";
import { sampleDecide, used } from "../../samples/quota.ts";

for (const [where, open] of [
  ["in memory", sqliteInMemory],
  ["in a file with two connections", sqliteInFile],
] as const) {
  emailUsageStoreContract(
    `SqliteEmailUsageStore ${where}`,
    subjectOf(open, ({ emailUsage }) => emailUsage),
  );
  emailLeaseStoreContract(
    `SqliteEmailLeaseStore ${where}`,
    subjectOf(open, ({ emailUsage, emailLeases }) => ({ usage: emailUsage, leases: emailLeases })),
  );
}

describe("SqliteEmailUsageStore", () => {
  it("P31 counting answers what others have changed meanwhile, with a key and without", async () => {
    const opened = await sqliteInFile();
    const store = opened.store.emailUsage;
    const another = (opened.another ?? expect.fail()).emailUsage;
    const later = { decidedAt: afterNow(1_000), validUntil: afterNow(50_000) };
    const changes: readonly (() => unknown)[] = [
      () => another.refresh(TENANT, sampleDecide()),
      () => another.consume(TENANT, { count: 5, now: NOW }),
      () => another.refresh(TENANT, sampleDecide({ limit: 1_000 })),
      () => another.refresh(TENANT, sampleDecide({ limit: null })),
      () => another.refresh(TENANT, sampleDecide({ limit: 200 })),
      () => another.noteRefusal(TENANT, { periodStart: THIS_MONTH.start, at: NOW }),
      () => another.refresh(TENANT, sampleDecide({ limit: 200, ...later })),
      () => another.refresh(TENANT, sampleDecide({ limit: 200, ...later, accountRevision: 9 })),
      () => another.refresh(TENANT, sampleDecide({ limit: 200, ...later, catalogRevision: 9 })),
      () => another.giveBack(TENANT, { count: 2, periodStart: THIS_MONTH.start }),
    ];
    for (const [round, change] of changes.entries()) {
      await change();
      const before = await used(another);
      const plain = await store.consume(TENANT, { count: 1, now: NOW });
      expect(plain).to.deep.equal(await another.find(TENANT));
      await another.consume(TENANT, { count: 1, now: NOW });
      const keyed = await store.consumeOnce(TENANT, { key: `${round}`, count: 1, now: NOW });
      expect(keyed).to.deep.equal({ type: "counted", usage: await another.find(TENANT) });
      const again = await store.consumeOnce(TENANT, { key: `${round}`, count: 1, now: NOW });
      expect(again).to.have.property("type", "repeated");
      expect(await used(store)).to.equal(Number(before) + 3);
    }
    await opened.close();
  });
});
