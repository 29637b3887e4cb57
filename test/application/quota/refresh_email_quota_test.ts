import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { paidFor, TENANT } from "../../samples/account.ts";
import { sampleCatalog, samplePlans } from "../../samples/catalog.ts";
import { at } from "../../samples/dates.ts";
import { consume } from "../../samples/quota.ts";
import { sampleInvoice, sampleItem, sampleSubscription } from "../../samples/subscription.ts";
import { showing } from "../installation/clock_readings.ts";

describe("RefreshEmailQuota", () => {
  const fixture = useBilling();

  function refresh(billing = fixture.billing) {
    return billing.refreshEmailQuota.execute({ tenantId: TENANT });
  }

  async function stored() {
    return await fixture.store.emailUsage.find(TENANT);
  }

  it("P33 an event that changes the plan changes the limit in every process at once", async () => {
    await fixture.addCustomer();
    const other = fixture.process();
    await consume(other, { count: 1_050 });
    fixture.payments.setTruth("cus_one", {
      subscriptions: [sampleSubscription({ items: [sampleItem("pro")] })],
      invoices: [sampleInvoice()],
    });
    await fixture.receive();
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_one" });
    expect(await stored()).to.include({ limit: 3_000, used: 0 });
    expect(await consume(other)).to.deep.nested.include({
      "quota.limit": 3_000,
      "quota.used": 1,
    });
  });

  it("P33 is repeated with the event when it failed", async () => {
    await fixture.addCustomer();
    await fixture.receive();
    const down = new PortError("Cannot refresh: no connection", { transient: true });
    const emailUsage = Object.assign(Object.create(fixture.store.emailUsage), {
      refresh: () => Promise.reject(down),
    });
    const failing = fixture.process({ store: { ...fixture.store, emailUsage } });
    const first = await failing.handleStripeEvent.execute({ eventId: "evt_one" });
    expect(first).to.deep.nested.include({ "outcome.state": "failed" });
    fixture.advance(60_000);
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_one" });
    expect(await stored()).to.include({ accountRevision: (await fixture.account())?.revision });
  });

  it("P10 a slow one with an old account cannot undo a newer one", async () => {
    await fixture.save(paidFor("starter"));
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const accounts = Object.assign(Object.create(fixture.store.accounts), {
      find: async (tenantId: string) => {
        const account = await fixture.store.accounts.find(tenantId);
        reached.resolve();
        await go.promise;
        return account;
      },
    });
    const slow = refresh(fixture.process({ store: { ...fixture.store, accounts } }));
    await reached.promise;
    await fixture.save(paidFor("business"));
    await refresh();
    go.resolve();
    expect((await slow).usage.limit).to.equal(4_000);
    expect(await stored()).to.include({ limit: 4_000 });
  });

  it("P10 fails when the account is older than what its usage was decided on", async () => {
    await fixture.save(paidFor("starter"));
    await fixture.save(paidFor("pro"));
    await refresh();
    const accounts = Object.assign(Object.create(fixture.store.accounts), {
      find: async () => ({ ...newAccount(TENANT), revision: 1 }),
    });
    const restored = fixture.process({ store: { ...fixture.store, accounts } });
    const error = await refresh(restored).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PortError).with.property("transient", true);
  });

  it("P33 a changed catalogue takes effect when the decision's time is over", async () => {
    await consume(fixture.billing);
    const plans = samplePlans().map((plan) => ({ ...plan, monthlyEmailLimit: 7_000 }));
    await fixture.store.catalog.save(sampleCatalog(plans));
    expect(await consume(fixture.billing)).to.have.nested.property("quota.limit", 1_000);
    fixture.advance(600_000);
    expect(await consume(fixture.billing)).to.have.nested.property("quota.limit", 7_000);
  });

  for (const name of ["stripe", "database"] as const) {
    it(`P25 begins no month by a clock that differs from the ${name}'s`, async () => {
      await consume(fixture.billing);
      const real = fixture.now;
      const wrong = fixture.process({ otherClocks: { [name]: showing(real) } });
      fixture.now = at("2026-03-20");
      expect((await refresh(wrong)).usage).to.include({ used: 1, limit: 1_000 });
      fixture.now = at("2036-01-01");
      const error = await refresh(wrong).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(PortError).with.property("transient", true);
      fixture.now = real;
      const months = await fixture.store.emailUsage.findMonths(TENANT);
      expect(months?.usage.months.map(({ name: month }) => month)).to.deep.equal([
        "free:2026-03-01T00:00:00.000Z",
      ]);
      fixture.now = at("2026-04-01");
      await refresh(fixture.process({ otherClocks: { [name]: showing(fixture.now) } }));
      expect(await stored()).to.include({ month: "free:2026-04-01T00:00:00.000Z", used: 0 });
    });
  }

  it("P25 what a clock far ahead has begun is taken back by the next sane look", async () => {
    await consume(fixture.billing, { count: 5 });
    const real = fixture.now;
    fixture.now = at("2036-01-01");
    await consume(fixture.billing, { count: 2 });
    fixture.now = real;
    expect((await refresh()).usage).to.include({
      month: "free:2026-03-01T00:00:00.000Z",
      used: 7,
    });
  });

  it("P31 a burst of refused sends shares a few looks", async () => {
    await consume(fixture.billing, { count: 1_100 });
    let looks = 0;
    const accounts = Object.assign(Object.create(fixture.store.accounts), {
      find: (tenantId: string) => {
        looks += 1;
        return fixture.store.accounts.find(tenantId);
      },
    });
    const billing = fixture.process({ store: { ...fixture.store, accounts } });
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => consume(billing)));
    expect(outcomes.every(({ type }) => type === "exceeded")).to.equal(true);
    // The first send is refused at once, before the others: one look, and two that they share.
    expect(looks).to.be.at.most(3);
  });

  it("P31 takes back what a process that died had reserved", async () => {
    await consume(fixture.billing);
    const lease = { id: "one", size: 500, promised: 100, until: at("2026-03-15T12:00:30Z") };
    await fixture.store.emailLeases.reserve(TENANT, { ...lease, now: fixture.now });
    await refresh();
    expect(await stored()).to.include({ used: 501 });
    fixture.advance(30_000);
    expect((await refresh()).usage).to.include({ used: 101 });
  });
});
