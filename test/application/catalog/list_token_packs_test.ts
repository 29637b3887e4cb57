import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";

describe("ListTokenPacks", () => {
  it("lists what is offered, fewest tokens first", async () => {
    const fixture = await BillingFixture.open();
    const packs = await fixture.billing.listTokenPacks.execute();
    await fixture.close();
    expect(packs.map(({ slug, tokens }) => [slug, tokens])).to.deep.equal([
      ["starter", 1_000],
      ["growth", 5_000],
    ]);
  });

  it("P08 cannot tell before the catalogue was synchronised", async () => {
    const fixture = await BillingFixture.open({ catalog: null });
    const listed = fixture.billing.listTokenPacks.execute();
    const error = await listed.catch((thrown: unknown) => thrown);
    await fixture.close();
    expect(error).to.be.instanceOf(PortError).with.property("transient", true);
  });
});
