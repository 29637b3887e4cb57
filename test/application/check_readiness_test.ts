import { expect } from "chai";
import { CheckReadiness } from "../../src/application/check_readiness.ts";
import type { Catalog } from "../../src/domain/catalog.ts";
import { BillingFixture } from "./billing_fixture.ts";

describe("CheckReadiness", () => {
  it("P08 is ready when the database answers and the catalogue is there", async () => {
    const fixture = await BillingFixture.open();
    expect(await fixture.billing.checkReadiness.execute()).to.deep.equal({
      ready: true,
      database: "ok",
      catalog: "ok",
    });
    await fixture.close();
  });

  it("P08 is not ready before the catalogue was synchronised", async () => {
    const fixture = await BillingFixture.open({ catalog: null });
    expect(await fixture.billing.checkReadiness.execute()).to.deep.equal({
      ready: false,
      database: "ok",
      catalog: "not_synchronized",
    });
    await fixture.close();
  });

  it("P08 answers that the database is failing instead of throwing", async () => {
    const fixture = await BillingFixture.open();
    await fixture.close();
    expect(await fixture.billing.checkReadiness.execute()).to.deep.equal({
      ready: false,
      database: "failing",
      catalog: "unknown",
    });
  });

  it("P08 does not hide a programmer's error", async () => {
    const mistake = new TypeError("Cannot read the catalogue: a bug");
    const read = (): Promise<Catalog | undefined> => Promise.reject(mistake);
    const readiness = new CheckReadiness({ catalog: { read, save: async () => "conflict" } });
    expect(await readiness.execute().catch((error: unknown) => error)).to.equal(mistake);
  });
});
