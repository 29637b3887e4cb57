import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import type { StartCheckoutCommand } from "../../../src/application/checkout/start_checkout.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog, samplePlan } from "../../samples/catalog.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const HOUR_MS = 3_600_000;
const wish: StartCheckoutCommand = {
  tenantId: TENANT,
  planSlug: "pro",
  successUrl: "https://app.example.com/ok?session_id={CHECKOUT_SESSION_ID}",
  cancelUrl: "https://app.example.com/no",
};

describe("StartCheckout", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
  });
  afterEach(() => fixture.close());

  function start(changes: Partial<StartCheckoutCommand> = {}) {
    return fixture.billing.startCheckout.execute({ ...wish, ...changes });
  }

  function states() {
    return fixture.payments.checkouts.map(({ state }) => state);
  }

  it("P16, P20 sells the catalogue's price to a customer made for the tenant", async () => {
    expect(await start()).to.deep.equal({ type: "started", url: "https://pay.example/cs_1" });
    const [checkout] = fixture.payments.checkouts;
    expect(checkout?.request).to.deep.include({
      tenantId: TENANT,
      customerId: "cus_1",
      priceId: "price_pro_month",
      planSlug: "pro",
      interval: "month",
      successUrl: wish.successUrl,
      cancelUrl: wish.cancelUrl,
      expiresAt: new Date(fixture.now.getTime() + 23 * HOUR_MS),
    });
    expect(fixture.payments.customers.get("cus_1")?.tenantId).to.equal(TENANT);
    expect((await fixture.account())?.customerId).to.equal("cus_1");
  });

  it("P20 sells the year's price when the year was chosen", async () => {
    await start({ interval: "year" });
    expect(fixture.payments.checkouts[0]?.request).to.deep.include({
      priceId: "price_pro_year",
      interval: "year",
    });
  });

  it("P20 names every redirect that is refused, and asks the provider for nothing", async () => {
    const outcome = await start({ successUrl: "https://evil.example/", cancelUrl: "/no" });
    expect(outcome.type).to.equal("invalid_redirect");
    expect(outcome).to.have.property("problems").that.has.length(2);
    expect(fixture.payments.count("createCustomer")).to.equal(0);
  });

  it("P20 refuses plans that cannot be bought, each with its reason", async () => {
    await fixture.close();
    const monthly = samplePlan("monthly", 5);
    const plans = [
      samplePlan("free", 1),
      samplePlan("old", 2, { active: false }),
      { ...monthly, prices: monthly.prices.slice(0, 1) },
    ];
    fixture = await BillingFixture.open({ catalog: sampleCatalog(plans) });
    const refused = (planSlug: string, reason: string) => ({
      type: "plan_not_purchasable",
      planSlug,
      reason,
    });
    expect([
      await start({ planSlug: "nowhere" }),
      await start({ planSlug: "free" }),
      await start({ planSlug: "old" }),
      await start({ planSlug: "monthly", interval: "year" }),
    ]).to.deep.equal([
      { type: "unknown_plan", planSlug: "nowhere" },
      refused("free", "it is free"),
      refused("old", "it is no longer offered"),
      refused("monthly", "it has no price per year"),
    ]);
    expect(fixture.payments.count("createCustomer")).to.equal(0);
  });

  for (const status of ["canceled", "incomplete_expired"] as const) {
    it(`P17 starts a Checkout after a subscription that is ${status}`, async () => {
      await fixture.addCustomer();
      fixture.payments.setTruth("cus_one", { subscriptions: [sampleSubscription({ status })] });
      const types = [await start(), await start({ planSlug: "business" })].map(({ type }) => type);
      expect(types).to.deep.equal(["started", "started"]);
    });
  }

  it("P18 gives the open Checkout back for the same wish", async () => {
    const [first, again] = [await start(), await start()];
    fixture.advance(2 * HOUR_MS);
    expect([again, await start()]).to.deep.equal([first, first]);
    expect(states()).to.deep.equal(["open"]);
  });

  it("P18 expires the open Checkout when another plan is wanted", async () => {
    await start();
    expect(await start({ planSlug: "business" })).to.have.property("type", "started");
    expect(states()).to.deep.equal(["expired", "open"]);
  });

  it("P18 makes a new Checkout for other redirects, so that nobody returns elsewhere", async () => {
    await start();
    await start({ cancelUrl: "https://app.example.com/elsewhere" });
    expect(states()).to.deep.equal(["expired", "open"]);
  });

  it("P18 leaves the customer's Checkouts alone that are not ours", async () => {
    await start();
    const foreign = {
      session: { id: "cs_foreign", url: "https://pay.example/foreign", attempt: null },
      request: { ...fixture.payments.checkouts[0]?.request },
      state: "open",
    } as (typeof fixture.payments.checkouts)[number];
    fixture.payments.checkouts.push(foreign);
    await start({ planSlug: "business" });
    expect(foreign.state).to.equal("open");
  });

  it("P18 replaces a Checkout that has expired at the provider", async () => {
    await start();
    await fixture.payments.expireCheckout("cs_1");
    expect(await start()).to.deep.equal({ type: "started", url: "https://pay.example/cs_2" });
    expect(states()).to.deep.equal(["expired", "open"]);
  });

  it("P22 uses no key again after the database was restored from a backup", async () => {
    await start();
    const restored = openSqliteStore(":memory:");
    await restored.catalog.save({ ...sampleCatalog(), revision: 0 });
    fixture.now = new Date(fixture.now.getTime() + 1_000);
    const { startCheckout } = fixture.process({ store: restored });
    const outcome = await startCheckout.execute({ ...wish, planSlug: "business" });
    expect(outcome.type).to.equal("started");
    expect(states()).to.deep.equal(["expired", "open"]);
    await restored.close();
  });

  it("P18 replaces a Checkout whose time is nearly over", async () => {
    await start();
    fixture.advance(22.5 * HOUR_MS);
    expect(await start()).to.deep.equal({ type: "started", url: "https://pay.example/cs_2" });
    expect(states()).to.deep.equal(["expired", "open"]);
  });

  it("P17 starts no second Checkout when the open one is paid meanwhile", async () => {
    await start();
    fixture.payments.before("openCheckouts", () => {
      for (const checkout of fixture.payments.checkouts) {
        checkout.state = "complete";
      }
      const truth = { subscriptions: [sampleSubscription()], invoices: [sampleInvoice()] };
      fixture.payments.setTruth("cus_1", truth);
    });
    expect(await start()).to.deep.equal({ type: "already_on_plan", planSlug: "pro" });
    expect(states()).to.deep.equal(["complete"]);
  });
});
