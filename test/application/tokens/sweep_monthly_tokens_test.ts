import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { at } from "../../samples/dates.ts";

const TENANTS = ["tenant_a", "tenant_b", "tenant_c", "tenant_d", "tenant_e"];

describe("SweepMonthlyTokens", () => {
  const fixture = useBilling();
  beforeEach(async () => {
    for (const tenantId of TENANTS) {
      await fixture.billing.grantMonthlyTokens.execute({ tenantId });
    }
    fixture.now = at("2026-04-01");
  });

  const sweep = (after?: string, limit = 2, signal = new AbortController().signal) =>
    fixture.billing.sweepMonthlyTokens.execute({ after, limit, signal });
  const lengths = async () =>
    await Promise.all(TENANTS.map(async (tenant) => (await fixture.ledger(tenant)).length));

  it("P26 grants every month that has begun, part by part", async () => {
    expect(await sweep()).to.deep.equal({ renewed: 2, next: "tenant_b" });
    expect(await lengths()).to.deep.equal([2, 2, 1, 1, 1]);
    expect(await sweep("tenant_b")).to.deep.equal({ renewed: 2, next: "tenant_d" });
    expect(await sweep("tenant_d")).to.deep.equal({ renewed: 1, next: undefined });
    expect(await lengths()).to.deep.equal([2, 2, 2, 2, 2]);
  });

  it("P26 makes one grant per month, however often and in how many processes it runs", async () => {
    const other = fixture.process().sweepMonthlyTokens;
    await Promise.all([sweep(undefined, 9), other.execute({ limit: 9 }), sweep(undefined, 9)]);
    expect(await lengths()).to.deep.equal([2, 2, 2, 2, 2]);
    expect(await sweep(undefined, 9)).to.deep.equal({ renewed: 0, next: undefined });
  });

  it("says where to go on when it is aborted", async () => {
    expect(await sweep("tenant_b", 9, AbortSignal.abort())).to.deep.equal({
      renewed: 0,
      next: "tenant_b",
    });
    expect(await lengths()).to.deep.equal([1, 1, 1, 1, 1]);
  });
});
