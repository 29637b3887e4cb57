import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { sampleCatalog, samplePlan } from "../../samples/catalog.ts";

describe("ListPlans", () => {
  let fixture: BillingFixture;
  afterEach(() => fixture.close());

  it("P20 lists the active plans, lowest rank first", async () => {
    const plans = [
      samplePlan("business", 4),
      samplePlan("old", 2, { active: false }),
      samplePlan("free", 1),
      samplePlan("pro", 3),
    ];
    fixture = await BillingFixture.open({ catalog: sampleCatalog(plans) });
    const listed = await fixture.billing.listPlans.execute();
    expect(listed.map(({ slug }) => slug)).to.deep.equal(["free", "pro", "business"]);
    const { prices, ...pro } = samplePlan("pro", 3);
    const untaxed = prices.map((price) => ({ ...price, tax: null }));
    expect(listed[1]).to.deep.equal({ ...pro, prices: untaxed });
  });

  it("P08 fails, to be tried again, before the catalogue was synchronised", async () => {
    fixture = await BillingFixture.open({ catalog: null });
    const error = await fixture.billing.listPlans.execute().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PortError).with.property("transient", true);
  });
});
