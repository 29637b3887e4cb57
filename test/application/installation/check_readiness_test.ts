import { expect } from "chai";
import { CheckReadiness } from "../../../src/application/installation/check_readiness.ts";
import type { Catalog } from "../../../src/domain/catalog/catalog.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { SILENT_CLOCK } from "../../rig/silent_clock.ts";
import { showing } from "./clock_readings.ts";

describe("CheckReadiness", () => {
  it("P08 is ready when the database answers and the catalogue is there", async () => {
    const fixture = await BillingFixture.open();
    expect(await fixture.billing.checkReadiness.execute()).to.deep.equal({
      ready: true,
      database: "ok",
      indexes: "ok",
      catalog: "ok",
      clock: "ok",
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
      clock: "ok",
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
      clock: "ok",
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
      clock: "ok",
    });
  });

  for (const [seconds, ready] of [
    [29, true],
    [-29, true],
    [35, false],
    [-35, false],
  ] as const) {
    it(`P25 is ${ready ? "" : "not "}ready with a clock that is ${seconds} s off`, async () => {
      const fixture = await BillingFixture.open();
      const { store, now } = fixture;
      const theirs = new Date(+now - seconds * 1_000);
      for (const otherClocks of [{ stripe: showing(theirs) }, { database: showing(theirs) }]) {
        const readiness = new CheckReadiness({ store, clock: () => now, otherClocks });
        const clock = ready ? "ok" : "wrong";
        expect(await readiness.execute()).to.include({ ready, clock, database: "ok" });
      }
      await fixture.close();
    });
  }

  it("P25 is ready before any other clock has said anything", async () => {
    const fixture = await BillingFixture.open();
    const { store, now } = fixture;
    const otherClocks = { stripe: SILENT_CLOCK, database: SILENT_CLOCK };
    const readiness = new CheckReadiness({ store, clock: () => now, otherClocks });
    expect(await readiness.execute()).to.include({ ready: true, clock: "unknown" });
    await fixture.close();
  });

  it("P08 does not hide a programmer's error", async () => {
    const mistake = new TypeError("Cannot read the catalogue: a bug");
    const read = (): Promise<Catalog | undefined> => Promise.reject(mistake);
    const readiness = new CheckReadiness({
      store: { catalog: { read, save: async () => "conflict" }, missingIndexes: async () => [] },
      clock: () => new Date(),
      otherClocks: {},
    });
    expect(await readiness.execute().catch((error: unknown) => error)).to.equal(mistake);
  });
});
