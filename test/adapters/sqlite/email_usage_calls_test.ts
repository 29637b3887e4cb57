import { StatementSync } from "node:sqlite";
import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { consume } from "../../samples/quota.ts";

type Run = (this: StatementSync, ...parameters: unknown[]) => unknown;

/** Counts every run of a prepared statement while `work` does its own. */
async function statementsRun(work: () => Promise<unknown>): Promise<number> {
  const names = ["all", "get", "run", "iterate"] as const;
  const prototype = StatementSync.prototype as unknown as Record<string, Run>;
  const originals = names.map((name) => [name, prototype[name]] as const);
  let count = 0;
  for (const [name, original] of originals) {
    prototype[name] = function counted(...parameters) {
      count += 1;
      return original?.apply(this, parameters);
    };
  }
  try {
    await work();
  } finally {
    Object.assign(prototype, Object.fromEntries(originals));
  }
  return count;
}

describe("calls to SQLite", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await consume(fixture.billing);
  });

  it("P31 a send without a key is exactly one", async () => {
    expect(await statementsRun(() => consume(fixture.billing, { count: 20 }))).to.equal(1);
  });

  it("P31 a send with a key is at most two", async () => {
    const send = () => consume(fixture.billing, { key: "one" });
    expect(await statementsRun(send)).to.be.within(1, 2);
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
    const refresh = () => fixture.billing.refreshEmailQuota.execute({ tenantId: TENANT });
    expect(await statementsRun(refresh)).to.be.greaterThan(3);
  });
});
