import { expect } from "chai";
import { requireCatalog } from "../../../src/application/catalog/require_catalog.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { sampleCatalog } from "../../samples/catalog.ts";

describe("requireCatalog", () => {
  it("P20 answers the catalogue in force", async () => {
    const fixture = await BillingFixture.open();
    expect(await requireCatalog(fixture.store.catalog)).to.deep.equal(sampleCatalog());
    await fixture.close();
  });

  it("P08 says that there is none, and that trying again may help", async () => {
    const fixture = await BillingFixture.open({ catalog: null });
    const error = await requireCatalog(fixture.store.catalog).catch((thrown: unknown) => thrown);
    await fixture.close();
    expect(error).to.be.instanceOf(PortError).and.deep.include({
      message: "Cannot read the catalogue: it was never synchronised",
      transient: true,
    });
  });
});
