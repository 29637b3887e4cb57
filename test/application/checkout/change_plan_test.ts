import { expect } from "chai";
import type { StartCheckoutCommand } from "../../../src/application/checkout/start_checkout.ts";
import type { SnapshotSubscription } from "../../../src/domain/subscription/customer_snapshot.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { sampleInvoice, sampleItem, sampleSubscription } from "../../samples/subscription.ts";

const wish: StartCheckoutCommand = {
  tenantId: TENANT,
  planSlug: "business",
  successUrl: "https://app.example.com/ok?session_id={CHECKOUT_SESSION_ID}",
  cancelUrl: "https://app.example.com/no",
};

describe("StartCheckout: tenants that have a subscription", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addCustomer();
  });

  function start(changes: Partial<StartCheckoutCommand> = {}, billing = fixture.billing) {
    return billing.startCheckout.execute({ ...wish, ...changes });
  }

  function subscribe(changes: Partial<SnapshotSubscription> = {}) {
    fixture.payments.setTruth("cus_one", { subscriptions: [sampleSubscription(changes)] });
  }

  it("P17 leads to the Portal page that confirms exactly the wished price", async () => {
    subscribe();
    expect(await start()).to.deep.equal({
      type: "portal",
      url: "https://portal.example/1",
      purpose: "confirm_change",
      change: { effective: "now", at: fixture.now },
    });
    expect(fixture.payments.portals).to.deep.equal([
      {
        customerId: "cus_one",
        configurationId: "bpc_change",
        returnUrl: wish.cancelUrl,
        completedUrl: "https://app.example.com/ok?session_id=",
        flow: {
          type: "subscription_update_confirm",
          subscriptionId: "sub_one",
          itemId: "si_pro",
          priceId: "price_business_month",
          quantity: 1,
        },
      },
    ]);
    expect(fixture.payments.count("createCheckout")).to.equal(0);
  });

  it("P19 says that a cheaper plan and a shorter interval wait for the period's end", async () => {
    subscribe();
    const later = { effective: "period_end", at: at("2026-04-10") };
    expect(await start({ planSlug: "starter" })).to.have.deep.property("change", later);
    const year = monthsFrom("2026-03-10", 12);
    subscribe({ items: [sampleItem("pro", { interval: "year", amount: 30_000, period: year })] });
    const afterYear = { effective: "period_end", at: at("2027-03-10") };
    expect(await start({ planSlug: "pro" })).to.have.deep.property("change", afterYear);
    expect(await start({ planSlug: "business" })).to.have.deep.property("change", afterYear);
  });

  it("P19 says that a longer interval begins at once", async () => {
    subscribe();
    expect(await start({ planSlug: "pro", interval: "year" }))
      .to.have.property("change")
      .that.deep.includes({ effective: "now" });
  });

  it("P17 refuses the plan that it has, by the same interval", async () => {
    subscribe();
    expect(await start({ planSlug: "pro" })).to.deep.equal({
      type: "already_on_plan",
      planSlug: "pro",
    });
    expect(fixture.payments.portals).to.deep.equal([]);
  });

  it("P17 takes an old price of the plan for the plan", async () => {
    subscribe({ items: [sampleItem("pro", { priceId: "price_of_2024", amount: 1_900 })] });
    expect((await start({ planSlug: "pro" })).type).to.equal("already_on_plan");
    expect(await start({ planSlug: "starter" }))
      .to.have.property("change")
      .that.deep.includes({ effective: "now" });
  });

  for (const status of ["past_due", "unpaid", "incomplete"] as const) {
    for (const planSlug of ["business", "pro"]) {
      it(`P17 leads to paying first while ${status}, to get ${planSlug}`, async () => {
        subscribe({ status });
        expect(await start({ planSlug })).to.deep.include({
          type: "portal",
          purpose: "fix_payment",
          change: null,
        });
        expect(fixture.payments.portals[0]?.flow).to.deep.equal({ type: "payment_method_update" });
      });
    }
  }

  it("P17 leads to the page of the invoice that is owed, also where the status is good", async () => {
    const owed = sampleInvoice({
      id: "in_owed",
      attempted: false,
      status: "open",
      hostedUrl: "https://pay.example/1",
    });
    for (const status of ["past_due", "active"] as const) {
      const subscriptions = [sampleSubscription({ status })];
      fixture.payments.setTruth("cus_one", { subscriptions, invoices: [owed] });
      expect(await start()).to.deep.equal({
        type: "portal",
        url: "https://pay.example/1",
        purpose: "pay_invoice",
        change: null,
      });
    }
    expect(fixture.payments.portals).to.deep.equal([]);
  });

  it("P14, P17 changes a subscription that was made by hand, and sells no second one", async () => {
    subscribe({ tenantId: null });
    expect((await start({ planSlug: "pro" })).type).to.equal("already_on_plan");
    expect(await start()).to.have.property("purpose", "confirm_change");
    expect(await fixture.billing.previewCheckout.execute(wish)).to.have.nested.property(
      "preview.mode",
      "portal",
    );
    expect(fixture.payments.count("createCheckout")).to.equal(0);
  });

  it("P17 leads home where the subscription is set to end, or to change already", async () => {
    subscribe({ cancelAt: at("2026-04-10") });
    expect(await start()).to.deep.include({ purpose: "keep_subscription", change: null });
    const changeAt = at("2026-04-10");
    subscribe({ schedule: { id: "sub_sched_1", changeAt, nextPriceIds: ["price_starter_month"] } });
    expect(await start()).to.deep.include({ purpose: "review_scheduled_change", change: null });
    expect(fixture.payments.portals.map(({ flow }) => flow)).to.deep.equal([null, null]);
    expect(fixture.payments.portals[0]).to.not.have.property("completedUrl");
  });

  it("P18 leads to the Portal when a Checkout is paid while another is started", async () => {
    const held = fixture.payments.hold("createCheckout");
    const slow = start({}, fixture.process());
    await held.reached;
    for (const checkout of fixture.payments.checkouts) {
      checkout.state = "complete";
    }
    subscribe();
    held.release();
    expect(await slow).to.have.property("purpose", "confirm_change");
    expect(fixture.payments.checkouts).to.have.length(1);
  });

  it("P17 asks Stripe for nothing where the Portal cannot do the change", async () => {
    const extra = sampleItem("extra", { interval: "month", amount: 500 });
    subscribe({ items: [extra, sampleItem("pro")] });
    const refused = { type: "unchangeable", limit: "several_items" };
    expect(await start()).to.deep.equal(refused);
    expect(await fixture.billing.previewCheckout.execute(wish)).to.deep.equal(refused);
    expect(fixture.payments.portals).to.deep.equal([]);
    expect(fixture.payments.previews).to.deep.equal([]);
  });

  it("P17 says when to try again while the renewal is a draft", async () => {
    const draft = sampleInvoice({ status: "draft", createdAt: at("2026-03-15T11:30:00Z") });
    const subscriptions = [sampleSubscription()];
    fixture.payments.setTruth("cus_one", { subscriptions, invoices: [draft] });
    const retryAt = at("2026-03-15T12:30:00Z");
    expect(await start()).to.deep.equal({ type: "waiting", for: "draft", retryAt });
    expect(fixture.payments.portals).to.deep.equal([]);
  });

  it("P19 keeps the quantity, in the link and in the preview", async () => {
    subscribe({ items: [sampleItem("pro", { quantity: 4, amount: 12_000 })] });
    await start();
    await fixture.billing.previewCheckout.execute(wish);
    expect(fixture.payments.portals[0]?.flow).to.have.property("quantity", 4);
    expect(fixture.payments.previews.map((one) => "quantity" in one && one.quantity)).to.deep.equal(
      [4, 4],
    );
  });
});
