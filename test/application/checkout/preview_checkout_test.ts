import { expect } from "chai";
import type { PreviewCheckoutCommand } from "../../../src/application/checkout/preview_checkout.ts";
import type { SnapshotSubscription } from "../../../src/domain/subscription/customer_snapshot.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog, samplePlan } from "../../samples/catalog.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { sampleItem, sampleSubscription } from "../../samples/subscription.ts";

describe("PreviewCheckout", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
  });
  afterEach(() => fixture.close());

  function preview(changes: Partial<PreviewCheckoutCommand> = {}) {
    const command = { tenantId: TENANT, planSlug: "business", ...changes };
    return fixture.billing.previewCheckout.execute(command);
  }

  function line(description: string, amount: number) {
    return { kind: "plan", planSlug: "business", description, amount };
  }

  /** Limits of the sample plans of these ranks, with nothing used. */
  function limits(now: number, later: number) {
    const countable = ["domains", "members", "templates"];
    return [
      { name: "emails", now: now * 1_000, later: later * 1_000, used: 0 },
      ...countable.map((name) => ({ name, now, later, used: null })),
    ];
  }

  async function subscribe(changes: Partial<SnapshotSubscription> = {}) {
    await fixture.addCustomer();
    fixture.payments.setTruth("cus_one", { subscriptions: [sampleSubscription(changes)] });
  }

  it("P19 says what a first purchase costs, without asking or changing anything", async () => {
    expect(await preview({ interval: "year" })).to.deep.equal({
      type: "preview",
      preview: {
        planSlug: "business",
        interval: "year",
        mode: "checkout",
        timing: { effective: "now", at: fixture.now },
        dueNow: 40_000,
        lines: [line("BUSINESS", 40_000)],
        tax: 0,
        taxIncluded: 0,
        balanceApplied: 0,
        nextPayment: 40_000,
        nextPaymentAt: at("2027-03-15T12:00:00Z"),
        currency: "eur",
        trialDays: null,
        limits: limits(1, 4),
        tokens: { left: 100, later: 400 },
      },
    });
    expect(fixture.payments.count("createCustomer")).to.equal(0);
    expect(await fixture.account()).to.equal(undefined);
  });

  it("P19 shows the whole month of a first purchase at any moment of a second", async () => {
    for (const ms of [1, 347, 999]) {
      fixture.now = new Date(+at("2026-11-28T09:21:10Z") + ms);
      expect(await preview()).to.have.nested.property("preview.limits[0].later", 4_000, `${ms}`);
      expect(await preview()).to.have.nested.property("preview.tokens.later", 400, `${ms}`);
    }
  });

  it("P19 says what an upgrade costs now, by the provider, and when the next payment is", async () => {
    await subscribe();
    expect(await preview()).to.deep.equal({
      type: "preview",
      preview: {
        planSlug: "business",
        interval: "month",
        mode: "portal",
        timing: { effective: "now", at: fixture.now },
        dueNow: 700,
        lines: [line("1 x Business", 900)],
        tax: 0,
        taxIncluded: 0,
        balanceApplied: 200,
        nextPayment: 4_000,
        nextPaymentAt: at("2026-04-15T12:00:00Z"),
        currency: "eur",
        trialDays: null,
        limits: limits(3, 4),
        tokens: { left: 300, later: 400 },
      },
    });
    const change = {
      customerId: "cus_one",
      subscriptionId: "sub_one",
      itemId: "si_pro",
      priceId: "price_business_month",
      quantity: 1,
      endsTrial: false,
    };
    expect(fixture.payments.previews).to.deep.equal([change, change]);
    expect(fixture.payments.count("createPortalSession")).to.equal(0);
  });

  it("P19 says that a downgrade costs nothing now and waits for the period's end", async () => {
    await subscribe();
    expect(await preview({ planSlug: "starter" }))
      .to.have.property("preview")
      .that.deep.includes({
        timing: { effective: "period_end", at: at("2026-04-10") },
        dueNow: 0,
        lines: [],
        nextPayment: 3_800,
        nextPaymentAt: at("2026-04-10"),
      });
  });

  it("P19 asks what a first purchase costs for a customer, and what is left of its balance", async () => {
    await fixture.addCustomer();
    const credit = { dueNow: 0, total: 4_000, startingBalance: -5_000 };
    fixture.payments.preview = { ...fixture.payments.preview, ...credit };
    expect(await preview())
      .to.have.property("preview")
      .that.deep.includes({ dueNow: 0, balanceApplied: 4_000, nextPayment: 3_000 });
    const purchase = {
      customerId: "cus_one",
      priceId: "price_business_month",
      trialEnd: null,
      automaticTax: false,
    };
    expect(fixture.payments.previews).to.deep.equal([purchase, purchase]);
  });

  it("P19 counts the new period of a longer interval from now", async () => {
    await subscribe();
    expect(await preview({ planSlug: "pro", interval: "year" })).to.have.deep.nested.property(
      "preview.nextPaymentAt",
      at("2027-03-15T12:00:00Z"),
    );
  });

  it("P19 knows that a change ends a trial", async () => {
    const trialEnd = at("2026-03-24");
    const item = sampleItem("pro", { period: { start: at("2026-03-10"), end: trialEnd } });
    await subscribe({ status: "trialing", trialEnd, items: [item] });
    expect(await preview()).to.have.deep.nested.property(
      "preview.nextPaymentAt",
      at("2026-04-15T12:00:00Z"),
    );
    expect(fixture.payments.previews[0]).to.have.property("endsTrial", true);
  });

  it("P19 offers a trial to tenants that had none only", async () => {
    await fixture.close();
    const plans = [samplePlan("free", 1), samplePlan("business", 4, { trialDays: 14 })];
    fixture = await BillingFixture.open({ catalog: sampleCatalog(plans) });
    const free = { dueNow: 0, trialDays: 14, nextPaymentAt: at("2026-03-29T12:00:00Z") };
    expect(await preview())
      .to.have.property("preview")
      .that.deep.includes(free);
    await subscribe({ status: "canceled", trialEnd: at("2026-01-10") });
    expect(await preview())
      .to.have.property("preview")
      .that.deep.includes({ dueNow: 700, trialDays: null });
  });

  it("P17 says what has to happen first", async () => {
    const changeAt = at("2026-04-10");
    const schedule = { id: "sub_sched_1", changeAt, nextPriceIds: ["price_starter_month"] };
    await subscribe({ status: "past_due" });
    expect(await preview()).to.deep.equal({
      type: "fix_payment",
      status: "past_due",
      invoiceUrl: null,
    });
    fixture.payments.setTruth("cus_one", {
      subscriptions: [sampleSubscription({ cancelAt: at("2026-04-10") })],
    });
    expect(await preview()).to.deep.equal({ type: "ending", at: at("2026-04-10") });
    fixture.payments.setTruth("cus_one", {
      subscriptions: [sampleSubscription({ schedule })],
    });
    expect(await preview()).to.deep.equal({ type: "change_scheduled", at: at("2026-04-10") });
  });

  it("P17, P20 refuses what cannot be bought, and the plan that the tenant has", async () => {
    await subscribe({ items: [sampleItem("pro", { period: monthsFrom("2026-03-10") })] });
    expect(await preview({ planSlug: "pro" })).to.have.property("type", "already_on_plan");
    expect(await preview({ planSlug: "free" })).to.have.property("type", "plan_not_purchasable");
    expect(await preview({ planSlug: "gold" })).to.have.property("type", "unknown_plan");
  });
});
