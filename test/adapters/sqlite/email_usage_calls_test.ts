import { join } from "node:path";
import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { BillingFixture, useBilling } from "../../rig/billing_fixture.ts";
import { countSqlite } from "../../rig/counted_sqlite.ts";
import { temporaryFolder } from "../../rig/temporary_folder.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { consume } from "../../samples/quota.ts";

async function statementsRun(work: () => Promise<unknown>): Promise<number> {
  return (await countSqlite(work)).statements.length;
}

describe("calls to SQLite", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await consume(fixture.billing);
  });

  it("P31 a send without a key is exactly one", async () => {
    expect(await statementsRun(() => consume(fixture.billing, { count: 20 }))).to.equal(1);
  });

  it("P31 a send with a key is one; of a process's first, and of each hundredth after, six", async () => {
    const costs: number[] = [];
    for (let number = 1; number <= 102; number += 1) {
      const send = () => consume(fixture.billing, { key: `${number}` });
      costs.push(await statementsRun(send));
    }
    const others = Array.from({ length: 100 }, () => 1);
    expect(costs).to.deep.equal([6, ...others, 6]);
  });

  it("P31 a send with a key that comes again is four", async () => {
    await consume(fixture.billing, { key: "one" });
    const again = () => consume(fixture.billing, { key: "one" });
    expect(await statementsRun(again)).to.equal(4);
  });

  it("P31 giving back is one, with or without a key", async () => {
    await consume(fixture.billing, { key: "one" });
    const { releaseEmailQuota } = fixture.billing;
    const keyed = () => releaseEmailQuota.execute({ tenantId: TENANT, key: "one" });
    expect(await statementsRun(keyed)).to.equal(1);
    const periodStart = new Date("2026-03-01T00:00:00Z");
    const plain = () => releaseEmailQuota.execute({ tenantId: TENANT, count: 1, periodStart });
    expect(await statementsRun(plain)).to.equal(1);
  });

  it("P31 reading the usage is one", async () => {
    const read = () => fixture.billing.readUsage.execute({ tenantId: TENANT });
    expect(await statementsRun(read)).to.equal(1);
  });

  it("the count notices more than one", async () => {
    expect(await statementsRun(() => fixture.billing.listPlans.execute())).to.equal(1);
    fixture.advance(600_000);
    const refresh = () => fixture.billing.refreshEmailQuota.execute({ tenantId: TENANT });
    expect(await statementsRun(refresh)).to.be.greaterThan(3);
  });
});

describe("calls to SQLite of two processes that serve one tenant in turns", () => {
  const processes = useFresh(async () => {
    const folder = temporaryFolder();
    const open = () => new BillingFixture(openSqliteStore(join(folder.path, "billing.db")));
    const [one, other] = [open(), open()];
    await one.store.catalog.save({ ...sampleCatalog(), revision: 0 });
    const close = async () => {
      await Promise.all([one.close(), other.close()]);
      folder.remove();
    };
    return { one: one.billing, other: other.billing, close };
  });

  beforeEach(async () => {
    await consume(processes.one, { key: "the first of one" });
    await consume(processes.other, { key: "the first of the other" });
  });

  it("P31 the first send after another process's is two, and one with whatever follows", async () => {
    for (const process of [processes.one, processes.other, processes.one]) {
      expect(await statementsRun(() => consume(process))).to.equal(2);
      expect(await statementsRun(() => consume(process))).to.equal(1);
    }
  });

  it("P31 the same with a key is three, and one with whatever follows", async () => {
    for (const [turn, process] of [processes.one, processes.other, processes.one].entries()) {
      const send = (key: string) => () => consume(process, { key: `${key} ${turn}` });
      expect(await statementsRun(send("first"))).to.equal(3);
      expect(await statementsRun(send("second"))).to.equal(1);
    }
  });
});
