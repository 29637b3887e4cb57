import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { countSqlite } from "../../rig/counted_sqlite.ts";
import { TENANT } from "../../samples/account.ts";
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
