import { expect } from "chai";
import type { Stripe } from "stripe";
import { refusal, stopRigs } from "../rig.ts";
import { payWith, type Subscriber, subscriber, toldTypes } from "./subscriber.ts";

/** stripe-node: `SubscriptionScheduleCreateParams.Phase`, `discounts` and `default_tax_rates`. */
describe("the phases of a schedule in the sandbox", () => {
  let s: Subscriber;

  beforeEach(async () => {
    s = await subscriber();
  });
  afterEach(stopRigs);

  it("bring discounts and tax rates of their own, and take them away", async () => {
    const coupon = await s.stripe.coupons.create({ percent_off: 50, duration: "forever" });
    const rate = await s.stripe.taxRates.create({
      display_name: "VAT",
      percentage: 10,
      inclusive: false,
    });
    const month = { interval: "month", interval_count: 1 } as const;
    const phase = { items: [{ price: s.price.id }], duration: month };
    const schedule = await s.stripe.subscriptionSchedules.create({
      customer: s.owner,
      start_date: "now",
      phases: [
        { ...phase, discounts: [{ coupon: coupon.id }] },
        { ...phase, default_tax_rates: [rate.id] },
        phase,
      ],
    });
    expect(schedule.phases[0]?.discounts).to.deep.equal([
      { coupon: coupon.id, discount: null, promotion_code: null },
    ]);
    expect(schedule.phases[1]?.default_tax_rates?.[0]).to.include({ id: rate.id });
    for (const days of [31, 28, 31]) {
      await s.rig.advance({ advanceDays: days });
    }
    const invoices = await s.stripe.invoices.list({ subscription: String(schedule.subscription) });
    expect(invoices.data.map(({ total }) => total).reverse()).to.deep.equal([
      ...[2450, 5390, 4900, 4900].slice(0, invoices.data.length),
    ]);
    expect(invoices.data.length).to.be.at.least(3);
    expect(await toldTypes(s)).to.include.members([
      "customer.discount.created",
      "customer.discount.deleted",
    ]);
  });

  it("keep what a subscription has that they take over", async () => {
    const coupon = await s.stripe.coupons.create({ percent_off: 50, duration: "forever" });
    const made = await s.stripe.subscriptions.create({
      customer: s.owner,
      items: [{ price: s.price.id }],
      discounts: [{ coupon: coupon.id }],
    });
    const schedule = await s.stripe.subscriptionSchedules.create({ from_subscription: made.id });
    expect(schedule.phases[0]?.discounts).to.deep.equal([
      { coupon: null, discount: made.discounts[0], promotion_code: null },
    ]);
    await s.rig.advance({ advanceDays: 32 });
    const { discounts } = await s.stripe.subscriptions.retrieve(made.id);
    expect(discounts).to.deep.equal(made.discounts);
  });

  it("are refused with a coupon that does not exist", async () => {
    const call = s.stripe.subscriptionSchedules.create({
      customer: s.owner,
      start_date: "now",
      phases: [{ items: [{ price: s.price.id }], discounts: [{ coupon: "none" }] }],
    });
    expect(await refusal(call)).to.include({ param: "phases[0][discounts][0][coupon]" });
  });
});

/**
 * stripe-node, `Subscription.pending_setup_intent`; docs.stripe.com/billing/migration/
 * strong-customer-authentication, scenario 2.
 */
describe("a subscription in the sandbox that costs nothing yet", () => {
  afterEach(stopRigs);

  const trial = (s: Subscriber, more: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    s.stripe.subscriptions.create({
      customer: s.owner,
      items: [{ price: s.price.id }],
      trial_period_days: 7,
      expand: ["pending_setup_intent"],
      ...more,
    });

  it("waits for a payment method that is asked for, and keeps it", async () => {
    const s = await subscriber(null);
    const made = await trial(s, {
      payment_behavior: "default_incomplete",
      payment_settings: { save_default_payment_method: "on_subscription" },
    });
    expect(made.status).to.equal("trialing");
    const intent = made.pending_setup_intent as Stripe.SetupIntent;
    expect(intent).to.include({ status: "requires_payment_method", customer: s.owner });
    await s.stripe.setupIntents.confirm(intent.id, { payment_method: "pm_card_visa" });
    const now = await s.stripe.subscriptions.retrieve(made.id);
    expect(now.pending_setup_intent).to.equal(null);
    const { payment_method: method } = await s.stripe.setupIntents.retrieve(intent.id);
    expect(now.default_payment_method).to.equal(method);
    await s.rig.advance({ advanceDays: 8 });
    expect(await s.stripe.subscriptions.retrieve(made.id)).to.include({ status: "active" });
  });

  it("waits for the holder of a card whose bank asks", async () => {
    const s = await subscriber();
    await payWith(s, "pm_card_authenticationRequired");
    const made = await trial(s);
    expect(made.pending_setup_intent).to.include({ status: "requires_action" });
    expect(await toldTypes(s)).to.include.members([
      "setup_intent.created",
      "setup_intent.requires_action",
    ]);
  });

  it("waits for nothing where a good card is on file, or nobody asks for one", async () => {
    const s = await subscriber();
    expect((await trial(s)).pending_setup_intent).to.equal(null);
    const other = await subscriber(null);
    expect((await trial(other)).pending_setup_intent).to.equal(null);
  });
});

/** stripe-node, `SubscriptionItemDeleteParams.clear_usage`. */
describe("the usage of an item in the sandbox", () => {
  afterEach(stopRigs);

  it("cannot be cleared where the price bills none", async () => {
    const s = await subscriber();
    const made = await s.stripe.subscriptions.create({
      customer: s.owner,
      items: [{ price: s.price.id }, { price: s.metered.id }],
    });
    const [plain, metered] = made.items.data.map(({ id }) => id);
    const call = s.stripe.subscriptionItems.del(plain ?? "", { clear_usage: true });
    expect(await refusal(call)).to.include({ param: "clear_usage" });
    await s.stripe.subscriptionItems.del(metered ?? "", { clear_usage: true });
    expect((await s.stripe.subscriptions.retrieve(made.id)).items.data).to.have.length(1);
  });
});

/** stripe-node, `SubscriptionCreateParams.trial_from_plan` and `BillingMode.Flexible`. */
describe("what a price or a request brings to a subscription in the sandbox", () => {
  let s: Subscriber;
  let tried: Stripe.Price;

  beforeEach(async () => {
    s = await subscriber();
    tried = await s.stripe.prices.create({
      currency: "usd",
      product: s.product.id,
      unit_amount: 700,
      recurring: { interval: "month", trial_period_days: 10 },
    });
  });
  afterEach(stopRigs);

  it("is the price's trial, where it is asked for", async () => {
    const start = (trial_from_plan: boolean) =>
      s.stripe.subscriptions.create({
        customer: s.owner,
        items: [{ price: tried.id }],
        trial_from_plan,
      });
    const trial = await start(true);
    expect((trial.trial_end ?? 0) - trial.created).to.equal(10 * 86_400);
    expect(await start(false)).to.include({ status: "active", trial_end: null });
    const call = s.stripe.subscriptions.create({
      customer: s.owner,
      items: [{ price: tried.id }],
      trial_from_plan: true,
      trial_end: trial.trial_end ?? 0,
    });
    expect(await refusal(call)).to.include({ type: "StripeInvalidRequestError" });
  });

  it("is the trial of a price that it changes to", async () => {
    const made = await s.stripe.subscriptions.create({
      customer: s.owner,
      items: [{ price: s.price.id }],
    });
    const items = [{ id: made.items.data[0]?.id ?? "", price: tried.id }];
    const changed = await s.stripe.subscriptions.update(made.id, { items, trial_from_plan: true });
    expect(changed.status).to.equal("trialing");
    expect((changed.trial_end ?? 0) - made.created).to.equal(10 * 86_400);
  });

  it("is how the discounts of prorations are shown", async () => {
    const made = await s.stripe.subscriptions.create({
      customer: s.owner,
      items: [{ price: s.price.id }],
      billing_mode: { type: "flexible", flexible: { proration_discounts: "itemized" } },
    });
    expect(made.billing_mode.flexible).to.deep.equal({ proration_discounts: "itemized" });
  });
});

/** stripe-node, `SubscriptionScheduleReleaseParams.preserve_cancel_date`. */
describe("a schedule of the sandbox that is released", () => {
  afterEach(stopRigs);

  it("keeps the end that it had for its subscription only where that is asked for", async () => {
    const s = await subscriber();
    for (const preserve_cancel_date of [true, false]) {
      const schedule = await s.stripe.subscriptionSchedules.create({
        customer: s.owner,
        start_date: "now",
        end_behavior: "cancel",
        phases: [
          { items: [{ price: s.price.id }], duration: { interval: "month", interval_count: 2 } },
        ],
      });
      await s.stripe.subscriptionSchedules.release(schedule.id, { preserve_cancel_date });
      const { cancel_at: end } = await s.stripe.subscriptions.retrieve(
        String(schedule.subscription),
      );
      expect(end).to.equal(preserve_cancel_date ? schedule.phases[0]?.end_date : null);
    }
  });
});
