import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
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
    expect(await sweep()).to.deep.equal({ next: "tenant_b", failures: [] });
    expect(await lengths()).to.deep.equal([2, 2, 1, 1, 1]);
    expect(await sweep("tenant_b")).to.deep.equal({ next: "tenant_d", failures: [] });
    expect(await sweep("tenant_d")).to.deep.equal({ next: undefined, failures: [] });
    expect(await lengths()).to.deep.equal([2, 2, 2, 2, 2]);
  });

  it("P26 makes one grant per month, however often and in how many processes it runs", async () => {
    const other = fixture.process().sweepMonthlyTokens;
    await Promise.all([sweep(undefined, 9), other.execute({ limit: 9 }), sweep(undefined, 9)]);
    expect(await lengths()).to.deep.equal([2, 2, 2, 2, 2]);
    expect(await sweep(undefined, 9)).to.deep.equal({ next: undefined, failures: [] });
  });

  it("says where to go on when it is aborted", async () => {
    expect(await sweep("tenant_b", 9, AbortSignal.abort())).to.deep.equal({
      next: "tenant_b",
      failures: [],
    });
    expect(await lengths()).to.deep.equal([1, 1, 1, 1, 1]);
  });

  it("P26 goes on after a tenant whose records cannot be read, and says so", async () => {
    const unreadable = new PortError("Cannot read the account", { transient: false });
    const accounts = Object.assign(Object.create(fixture.store.accounts), {
      find: (tenantId: string) =>
        tenantId === "tenant_b"
          ? Promise.reject(unreadable)
          : fixture.store.accounts.find(tenantId),
    });
    const { sweepMonthlyTokens } = fixture.process({ store: { ...fixture.store, accounts } });
    const failures = [unreadable];
    expect(await sweepMonthlyTokens.execute({ limit: 2 })).to.deep.equal({
      next: "tenant_b",
      failures,
    });
    expect(await sweepMonthlyTokens.execute({ limit: 9 })).to.deep.equal({
      next: undefined,
      failures,
    });
    expect(await lengths()).to.deep.equal([2, 1, 2, 2, 2]);
  });

  it("ends when it fails for all, because the store is down then", async () => {
    const down = new PortError("Cannot read the account", { transient: true });
    const accounts = Object.assign(Object.create(fixture.store.accounts), {
      find: () => Promise.reject(down),
    });
    const { sweepMonthlyTokens } = fixture.process({ store: { ...fixture.store, accounts } });
    expect(await sweepMonthlyTokens.execute({ limit: 2 })).to.deep.equal({
      next: undefined,
      failures: [down, down],
    });
  });
});
