import { expect } from "chai";
import type { ConsumeEmailQuotaOutcome } from "../../../src/application/quota/consume_email_quota_outcome.ts";
import { BillingFixture, SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import {
  MARCH,
  owedRenewal,
  paidFor,
  paidStanding,
  sampleAccountSubscription,
  TENANT,
} from "../../samples/account.ts";
import { sampleCatalog, samplePlans } from "../../samples/catalog.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { consume, DOWN, unreliable } from "../../samples/quota.ts";

function types(outcomes: readonly ConsumeEmailQuotaOutcome[], type: string): number {
  return outcomes.filter((outcome) => outcome.type === type).length;
}

describe("ConsumeEmailQuota", () => {
  const fixture = useBilling();

  it("P32 counts the first send of a tenant that nothing is known about", async () => {
    expect(await consume(fixture.billing, { count: 800 })).to.deep.equal({
      type: "counted",
      repeated: false,
      periodStart: at("2026-03-01"),
      quota: {
        limit: 1_000,
        used: 800,
        percentage: 80,
        warning: true,
        ceiling: 1_100,
        resetsAt: at("2026-04-01"),
      },
    });
  });

  it("P32 refuses what exceeds 110 %, with the next plan and the time to wait", async () => {
    await consume(fixture.billing, { count: 1_100 });
    expect(await consume(fixture.billing)).to.deep.equal({
      type: "exceeded",
      quota: {
        limit: 1_000,
        used: 1_100,
        percentage: 110,
        warning: true,
        ceiling: 1_100,
        resetsAt: at("2026-04-01"),
      },
      upgrade: "starter",
      retryAfterSeconds: (31 - 15) * 86_400 + 12 * 3_600,
    });
  });

  it("P31 passes exactly what remains of 200 sends at once in two processes", async () => {
    await consume(fixture.billing, { count: 1_050 });
    const processes = [fixture.billing, fixture.process()];
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => consume(processes[index % 2] ?? fixture.billing)),
    );
    expect(types(outcomes, "counted")).to.equal(50);
    expect(types(outcomes, "exceeded")).to.equal(150);
    for (const outcome of outcomes) {
      if (outcome.type === "exceeded") {
        expect(outcome.quota.used).to.equal(1_100);
      }
    }
  });

  it("P31 counts a batch as a whole or not at all", async () => {
    await consume(fixture.billing, { count: 1_090 });
    expect(await consume(fixture.billing, { count: 11 })).to.have.property("type", "exceeded");
    expect(await consume(fixture.billing, { count: 10 })).to.have.nested.property(
      "quota.used",
      1_100,
    );
  });

  for (const count of [0, -1, 1.5, 100_001, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`P31 throws RangeError for a batch of ${count}`, async () => {
      const error = await consume(fixture.billing, { count }).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(RangeError);
    });
  }

  it("P33 an upgrade raises the limit at once, and what is used stays", async () => {
    await fixture.save(paidFor("starter"));
    await consume(fixture.billing, { count: 2_200 });
    expect(await consume(fixture.billing)).to.have.property("type", "exceeded");
    await fixture.save(paidFor("pro"));
    expect(await consume(fixture.billing)).to.deep.include({
      type: "counted",
      quota: {
        limit: 3_000,
        used: 2_201,
        percentage: 73,
        warning: false,
        ceiling: 3_300,
        resetsAt: MARCH.end,
      },
    });
  });

  it("P33 the next period begins with nothing used, once it is paid", async () => {
    await fixture.save(paidFor("starter"));
    await consume(fixture.billing, { count: 2_200 });
    fixture.now = at("2026-04-11");
    expect(await consume(fixture.billing)).to.deep.include({
      type: "exceeded",
      retryAfterSeconds: 3_600,
    });
    await fixture.save(paidFor("starter", monthsFrom("2026-04-10")));
    expect(await consume(fixture.billing)).to.have.nested.property("quota.used", 1);
  });

  it("P33 sends in flight while the period moves on count once, in one of the two", async () => {
    await fixture.save(paidFor("business"));
    const processes = [fixture.billing, fixture.process()];
    const outcomes = await Promise.all(
      Array.from({ length: 150 }, async (_, index) => {
        if (index === 70) {
          await fixture.save(paidFor("business", monthsFrom("2026-03-15")));
          await fixture.billing.refreshEmailQuota.execute({ tenantId: TENANT });
        }
        return await consume(processes[index % 2] ?? fixture.billing);
      }),
    );
    const inPeriod = (start: string) =>
      outcomes.filter((one) => one.type === "counted" && +one.periodStart === +at(start)).length;
    const { emails } = await fixture.billing.readUsage.execute({ tenantId: TENANT });
    expect(emails.used).to.equal(inPeriod("2026-03-15"));
    expect(inPeriod("2026-03-10") + inPeriod("2026-03-15")).to.equal(150);
  });

  it("P36 lost access leaves the free plan's limit, and no plan to buy", async () => {
    await fixture.save({
      standing: paidStanding(MARCH, "pro", { status: "unpaid" }),
      subscription: sampleAccountSubscription({ status: "unpaid" }),
    });
    await consume(fixture.billing, { count: 1_100 });
    expect(await consume(fixture.billing)).to.deep.include({ type: "exceeded", upgrade: null });
  });

  it("P17 names no plan to buy within grace: the next step is to pay", async () => {
    const unpaid = { status: "past_due" } as const;
    const debts = [owedRenewal(fixture.now)];
    await fixture.save({
      standing: paidStanding(MARCH, "starter", { ...unpaid, debts }),
      subscription: sampleAccountSubscription({ planSlug: "starter", ...unpaid }),
    });
    expect(await consume(fixture.billing, { count: 2_200 })).to.have.property("type", "counted");
    expect(await consume(fixture.billing)).to.deep.include({ type: "exceeded", upgrade: null });
    const { upgrade } = await fixture.billing.readSubscription.execute({ tenantId: TENANT });
    expect(upgrade, "the same rule for the page").to.equal(null);
  });

  it("P32 a plan without a limit never warns, and counts", async () => {
    const plans = samplePlans().map((plan) => ({ ...plan, monthlyEmailLimit: null }));
    await fixture.store.catalog.save({ ...sampleCatalog(plans), revision: 1 });
    const counted = await consume(fixture.billing, { count: 100_000 });
    expect(counted).to.have.property("quota").that.includes({
      limit: null,
      used: 100_000,
      percentage: null,
      warning: false,
      ceiling: null,
    });
  });

  it("P32 a limit of 0 lets nothing through", async () => {
    const plans = samplePlans().map((plan) => ({ ...plan, monthlyEmailLimit: 0 }));
    await fixture.store.catalog.save({ ...sampleCatalog(plans), revision: 1 });
    expect(await consume(fixture.billing)).to.deep.include({ type: "exceeded", upgrade: null });
  });

  it("P31 a key counts once, however often and wherever it is used", async () => {
    const processes = [fixture.billing, fixture.process()];
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        consume(processes[index % 2] ?? fixture.billing, { count: 5, key: "one" }),
      ),
    );
    const repeated = outcomes.map((outcome) => outcome.type === "counted" && outcome.repeated);
    expect(repeated.filter((again) => !again)).to.have.length(1);
    expect(types(outcomes, "counted")).to.equal(20);
    expect(await consume(fixture.billing, { count: 6, key: "one" })).to.deep.equal({
      type: "key_conflict",
      count: 5,
    });
    await fixture.billing.releaseEmailQuota.execute({ tenantId: TENANT, key: "one" });
    expect(await consume(fixture.billing, { count: 5, key: "one" })).to.deep.equal({
      type: "key_released",
    });
  });

  it("P31 a key that was counted is known at the ceiling", async () => {
    await consume(fixture.billing, { count: 1_100, key: "all" });
    expect(await consume(fixture.billing, { count: 1_100, key: "all" })).to.include({
      type: "counted",
      repeated: true,
    });
    expect(await consume(fixture.billing, { key: "more" })).to.have.property("type", "exceeded");
  });

  describe("P34 while the store is down", () => {
    function processWith(whenStoreFails?: "open" | "closed") {
      const emailUsage = unreliable(fixture.store.emailUsage);
      const settings = {
        ...SETTINGS,
        ...(whenStoreFails && { quotaWhenStoreFails: whenStoreFails }),
      };
      const billing = fixture.process({ store: { ...fixture.store, emailUsage }, settings });
      return { emailUsage, billing };
    }

    it("refuses by throwing, unless it was set otherwise, and counts that", async () => {
      const { emailUsage, billing } = processWith();
      emailUsage.down = true;
      expect(await consume(billing, { count: 3 }).catch((error: unknown) => error)).to.equal(DOWN);
      expect(billing.consumeEmailQuota.counts()).to.include({ failedClosed: 3, failedOpen: 0 });
    });

    it("lets through what was set to, and counts it later, over the ceiling, too", async () => {
      const { emailUsage, billing } = processWith("open");
      await consume(billing, { count: 1_090 });
      emailUsage.down = true;
      const outcomes = [await consume(billing, { count: 20 }), await consume(billing)];
      expect(outcomes).to.deep.equal([
        { type: "uncounted", error: DOWN },
        { type: "uncounted", error: DOWN },
      ]);
      emailUsage.down = false;
      await consume(billing);
      expect(await consume(billing)).to.deep.include({ type: "exceeded" });
      expect(billing.consumeEmailQuota.counts()).to.deep.equal({
        counted: 1_091,
        refused: 1,
        failedOpen: 21,
        failedClosed: 0,
        countedLater: 21,
      });
      expect((await fixture.store.emailUsage.find(TENANT))?.used).to.equal(1_112);
    });

    it("goes by the call's own choice", async () => {
      const { emailUsage, billing } = processWith("open");
      emailUsage.down = true;
      const closed = consume(billing, { whenStoreFails: "closed" });
      expect(await closed.catch((error: unknown) => error)).to.equal(DOWN);
    });

    it("counts a send with a key once, whether or not the failed call had counted it", async () => {
      const { emailUsage, billing } = processWith("open");
      await consume(billing, { count: 2, key: "replied" });
      emailUsage.down = true;
      await consume(billing, { count: 2, key: "replied" });
      await consume(billing, { count: 3, key: "lost" });
      await consume(billing, { count: 3, key: "lost" });
      emailUsage.down = false;
      await consume(billing);
      expect((await fixture.store.emailUsage.find(TENANT))?.used).to.equal(2 + 3 + 1);
    });

    it("counts at the end of the process what was not counted yet", async () => {
      const file = await BillingFixture.open();
      const emailUsage = unreliable(file.store.emailUsage);
      const kept = { ...file.store, emailUsage, close: async () => undefined };
      const settings = { ...SETTINGS, quotaWhenStoreFails: "open" as const };
      const composed = file.compose({ store: kept, settings });
      await consume(composed.billing);
      emailUsage.down = true;
      await consume(composed.billing, { count: 7 });
      emailUsage.down = false;
      await composed.close();
      expect((await file.store.emailUsage.find(TENANT))?.used).to.equal(8);
      await file.close();
    });
  });
});
