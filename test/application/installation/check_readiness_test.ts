import { expect } from "chai";
import { CheckReadiness } from "../../../src/application/installation/check_readiness.ts";
import type { Catalog } from "../../../src/domain/catalog/catalog.ts";
import { BillingFixture } from "../billing_fixture.ts";

describe("CheckReadiness", () => {
  it("P08 is ready when the database answers and the catalogue is there", async () => {
    const fixture = await BillingFixture.open();
    expect(await fixture.billing.checkReadiness.execute()).to.deep.equal({
      ready: true,
      database: "ok",
      indexes: "ok",
      catalog: "ok",
    });
    await fixture.close();
  });

  it("P08 is not ready before the catalogue was synchronised", async () => {
    const fixture = await BillingFixture.open({ catalog: null });
    expect(await fixture.billing.checkReadiness.execute()).to.deep.equal({
      ready: false,
      database: "ok",
      indexes: "ok",
      catalog: "not_synchronized",
    });
    await fixture.close();
  });

  it("P16 is not ready while an index is missing", async () => {
    const fixture = await BillingFixture.open();
    const store = { ...fixture.store, missingIndexes: async () => ["accounts.customerId"] };
    expect(await fixture.process({ store }).checkReadiness.execute()).to.deep.equal({
      ready: false,
      database: "ok",
      indexes: "missing",
      catalog: "ok",
    });
    await fixture.close();
  });

  it("P08 answers that the database is failing instead of throwing", async () => {
    const fixture = await BillingFixture.open();
    await fixture.close();
    expect(await fixture.billing.checkReadiness.execute()).to.deep.equal({
      ready: false,
      database: "failing",
      indexes: "unknown",
      catalog: "unknown",
    });
  });

  it("P08 does not hide a programmer's error", async () => {
    const mistake = new TypeError("Cannot read the catalogue: a bug");
    const read = (): Promise<Catalog | undefined> => Promise.reject(mistake);
    const readiness = new CheckReadiness({
      store: { catalog: { read, save: async () => "conflict" }, missingIndexes: async () => [] },
    });
    expect(await readiness.execute().catch((error: unknown) => error)).to.equal(mistake);
  });
});
