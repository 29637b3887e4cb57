import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { at } from "../../samples/dates.ts";

const SUBSCRIPTION = {
  id: "sub_9",
  customerId: "cus_nine",
  status: "active",
  productIds: ["prod_pro"],
  createdAt: at("2026-03-01"),
} as const;
const ENDPOINT = { endpointId: "we_1", url: "https://billing.example.com/webhook", enabled: false };

describe("NameForeign", () => {
  const fixture = useBilling();

  async function named(): Promise<string[]> {
    await fixture.billing.reconcile.execute({});
    const { items } = await fixture.billing.listAttention.execute({ limit: 9 });
    return items.map(({ id }) => id);
  }

  it("P41 names live subscriptions of our plans that no tenant has", async () => {
    fixture.records.live = [
      SUBSCRIPTION,
      { ...SUBSCRIPTION, id: "sub_other", productIds: ["prod_elsewhere"] },
      { ...SUBSCRIPTION, id: "sub_unpaid", status: "incomplete" },
    ];
    expect(await named()).to.have.length(1);
    fixture.records.live = [];
    expect(await named()).to.deep.equal([]);
  });

  it("P41 leaves tenants' own customers to their looks", async () => {
    await fixture.addCustomer("cus_nine");
    fixture.records.live = [SUBSCRIPTION];
    expect(await named()).to.deep.equal([]);
  });

  it("P41 names a disabled endpoint of ours, unless another takes its place", async () => {
    fixture.records.managed = [ENDPOINT];
    expect(await named()).to.have.length(1);
    fixture.records.managed = [ENDPOINT, { ...ENDPOINT, endpointId: "we_2", enabled: true }];
    expect(await named()).to.deep.equal([]);
  });

  it("P41 a run over one tenant, or a dry run, names nothing", async () => {
    fixture.records.managed = [ENDPOINT];
    await fixture.billing.reconcile.execute({ dryRun: true });
    await fixture.billing.reconcile.execute({ tenantId: "t_none" });
    expect((await fixture.billing.listAttention.execute({ limit: 9 })).items).to.deep.equal([]);
  });
});
