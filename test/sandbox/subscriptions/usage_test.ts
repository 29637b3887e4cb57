import { expect } from "chai";
import type { Stripe } from "stripe";
import { refusal, stopRigs } from "../rig.ts";
import { latestOf, linesOf, type Subscriber, subscriber } from "./subscriber.ts";

const DAY = 86_400;

/** Tells the meter of a subscriber that its customer used something. */
async function use({ stripe, owner }: Subscriber, value: number): Promise<void> {
  const payload = { stripe_customer_id: owner, value: String(value) };
  await stripe.billing.meterEvents.create({ event_name: "calls", payload });
}

function start(
  s: Subscriber,
  params: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Stripe.Subscription> {
  return s.stripe.subscriptions.create({
    customer: s.owner,
    items: [{ price: s.metered.id }],
    ...params,
  });
}

/** Another price of the subscriber's meter, in cents a piece. */
function priceOf(s: Subscriber, unit_amount: number): Promise<Stripe.Price> {
  const meter = s.metered.recurring?.meter ?? "";
  return s.stripe.prices.create({
    currency: "usd",
    product: s.product.id,
    unit_amount,
    recurring: { interval: "month", usage_type: "metered", meter },
  });
}

async function pendingOf(s: Subscriber): Promise<(string | number | null)[][]> {
  const { data } = await s.stripe.invoiceItems.list({ customer: s.owner, pending: true });
  return data.map(({ amount, description }) => [amount, description]);
}

async function invoicesOf(s: Subscriber): Promise<(string | number | null)[][]> {
  const { data } = await s.stripe.invoices.list({ customer: s.owner });
  return data.map(({ billing_reason, total }) => [billing_reason, total]).reverse();
}

/** docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup, "Update prices mid-cycle". */
describe("a metered price that leaves a subscription of the sandbox", () => {
  let s: Subscriber;

  beforeEach(async () => {
    s = await subscriber();
  });
  afterEach(stopRigs);

  it("is billed for what was used, by an item for the next invoice", async () => {
    const made = await start(s, { items: [{ price: s.price.id }, { price: s.metered.id }] });
    await use(s, 500);
    await s.rig.advance({ advanceDays: 10 });
    await s.stripe.subscriptionItems.del(String(made.items.data[1]?.id));
    expect(await pendingOf(s)).to.deep.equal([[500, "500 × Pro (at $0.01 / month)"]]);
    await s.rig.advance({ advanceDays: 20 });
    expect((await latestOf(s, made)).total).to.equal(4900 + 500);
  });

  it("is invoiced at once with always_invoice, and not billed with none", async () => {
    const items = [{ price: s.price.id }, { price: s.metered.id }];
    for (const [behavior, expected] of [
      ["always_invoice", 500],
      ["none", 0],
    ] as const) {
      const made = await start(s, { items });
      await use(s, 500);
      await s.rig.advance({ advanceDays: 1 });
      const before = (await s.stripe.invoices.list({ customer: s.owner })).data.length;
      await s.stripe.subscriptionItems.del(String(made.items.data[1]?.id), {
        proration_behavior: behavior,
      });
      const { data } = await s.stripe.invoices.list({ customer: s.owner });
      expect(data.length - before).to.equal(expected === 0 ? 0 : 1);
      expect(expected === 0 ? 0 : data[0]?.total).to.equal(expected);
      expect(await pendingOf(s)).to.deep.equal([]);
      await s.stripe.subscriptions.cancel(made.id);
    }
  });

  it("gives way to another one, which bills what is used from then on", async () => {
    const dearer = await priceOf(s, 3);
    const made = await start(s);
    await use(s, 500);
    await s.rig.advance({ advanceDays: 10 });
    await s.stripe.subscriptions.update(made.id, {
      items: [{ id: String(made.items.data[0]?.id), price: dearer.id }],
    });
    expect(await pendingOf(s)).to.deep.equal([[500, "500 × Pro (at $0.01 / month)"]]);
    await use(s, 100);
    await s.rig.advance({ advanceDays: 20 });
    const lines = linesOf(await latestOf(s, made)).map(({ amount, quantity }) => ({
      amount,
      quantity,
    }));
    expect(lines).to.deep.equal([
      { amount: 500, quantity: 500 },
      { amount: 300, quantity: 100 },
    ]);
  });

  it("is not billed for what was used before in classic mode", async () => {
    const dearer = await priceOf(s, 3);
    const made = await start(s, { billing_mode: { type: "classic" } });
    await use(s, 500);
    await s.rig.advance({ advanceDays: 10 });
    await s.stripe.subscriptions.update(made.id, {
      items: [{ id: String(made.items.data[0]?.id), price: dearer.id }],
    });
    expect(await pendingOf(s)).to.deep.equal([]);
    await use(s, 100);
    await s.rig.advance({ advanceDays: 20 });
    expect((await latestOf(s, made)).total).to.equal(300);
  });

  it("bills what was used when a new period begins at once, and nothing else", async () => {
    const made = await start(s, { items: [{ price: s.price.id }, { price: s.metered.id }] });
    await use(s, 500);
    await s.rig.advance({ advanceDays: 10 });
    await s.stripe.subscriptions.update(made.id, {
      billing_cycle_anchor: { type: "now" },
      proration_behavior: "none",
    });
    expect((await latestOf(s, made)).total).to.equal(4900 + 500);
    await s.rig.advance({ advanceDays: 32 });
    expect((await latestOf(s, made)).total).to.equal(4900);
  });

  it("shows in the preview of the next invoice", async () => {
    const made = await start(s);
    await use(s, 500);
    await s.rig.advance({ advanceDays: 10 });
    const preview = await s.stripe.invoices.createPreview({ subscription: made.id });
    expect(preview.total).to.equal(500);
  });

  /** stripe-node, `SubscriptionPauseParams.BillFor`. */
  it("is billed for what was used at a pause, once, unless that is left alone", async () => {
    for (const [type, expected] of [
      ["now", 500],
      ["none", 0],
    ] as const) {
      const made = await start(s);
      await use(s, 500);
      await s.rig.advance({ advanceDays: 1 });
      const before = (await invoicesOf(s)).length;
      await s.stripe.subscriptions.pause(made.id, {
        invoicing_behavior: "invoice",
        bill_for: { outstanding_usage_through: { type } },
      });
      const invoices = await invoicesOf(s);
      expect(invoices.slice(before)).to.deep.equal(
        expected === 0 ? [] : [["subscription_update", expected]],
      );
      await s.stripe.subscriptions.resume(made.id, {
        billing_cycle_anchor: { type: "unchanged" },
      });
      await s.rig.advance({ advanceDays: 31 });
      expect((await latestOf(s, made)).total).to.equal(expected === 0 ? 500 : 0);
      await s.stripe.subscriptions.cancel(made.id);
    }
  });
});

/**
 * docs.stripe.com/billing/subscriptions/usage-based/thresholds; stripe-node,
 * `Subscription.BillingThresholds`, `SubscriptionItem.BillingThresholds`, `Invoice.ThresholdReason`.
 */
describe("billing thresholds in the sandbox", () => {
  let s: Subscriber;

  beforeEach(async () => {
    s = await subscriber();
  });
  afterEach(stopRigs);

  it("invoice what was used once it reaches an amount, and bill the rest at the end", async () => {
    const made = await start(s, { billing_thresholds: { amount_gte: 1000 } });
    await use(s, 900);
    expect(await invoicesOf(s)).to.deep.equal([]);
    await use(s, 150);
    expect(await invoicesOf(s)).to.deep.equal([["subscription_threshold", 1050]]);
    const invoice = await latestOf(s, made);
    expect(invoice.status).to.equal("draft");
    expect(invoice.threshold_reason).to.deep.equal({ amount_gte: 1000, item_reasons: [] });
    await s.rig.advance({ advanceDays: 1 });
    expect((await latestOf(s, made)).status).to.equal("paid");
    const { billing_cycle_anchor: anchor } = await s.stripe.subscriptions.retrieve(made.id);
    expect(anchor).to.equal(made.billing_cycle_anchor);
    await use(s, 300);
    await s.rig.advance({ advanceDays: 31 });
    expect(await invoicesOf(s)).to.deep.equal([
      ["subscription_threshold", 1050],
      ["subscription_cycle", 300],
    ]);
  });

  it("are reached again and again", async () => {
    await start(s, { billing_thresholds: { amount_gte: 1000 } });
    for (const value of [1000, 999, 1, 2500]) {
      await use(s, value);
    }
    expect(await invoicesOf(s)).to.deep.equal([
      ["subscription_threshold", 1000],
      ["subscription_threshold", 1000],
      ["subscription_threshold", 2500],
    ]);
  });

  it("begin a new period where they shall, which bills the plan, too", async () => {
    const made = await start(s, {
      items: [{ price: s.price.id }, { price: s.metered.id }],
      billing_thresholds: { amount_gte: 10_000, reset_billing_cycle_anchor: true },
    });
    await s.rig.advance({ advanceDays: 10 });
    await use(s, 10_000);
    const changed = await s.stripe.subscriptions.retrieve(made.id);
    expect(changed.billing_cycle_anchor - made.billing_cycle_anchor).to.equal(10 * DAY);
    for (const item of changed.items.data) {
      expect(item.current_period_start).to.equal(changed.billing_cycle_anchor);
    }
    expect(await invoicesOf(s)).to.deep.equal([
      ["subscription_create", 4900],
      ["subscription_threshold", 14_900],
    ]);
    await s.rig.advance({ advanceDays: 32 });
    expect((await invoicesOf(s)).at(-1)).to.deep.equal(["subscription_cycle", 4900]);
  });

  it("of an item count what was used, and say which lines they are about", async () => {
    const made = await start(s, {
      items: [{ price: s.metered.id, billing_thresholds: { usage_gte: 200 } }],
    });
    await use(s, 199);
    expect(await invoicesOf(s)).to.deep.equal([]);
    await use(s, 1);
    const invoice = await latestOf(s, made);
    expect(invoice.threshold_reason).to.deep.equal({
      amount_gte: null,
      item_reasons: [{ line_item_ids: [invoice.lines.data[0]?.id], usage_gte: 200 }],
    });
    expect(invoice.total).to.equal(200);
  });

  it("count discounts and prorations, and no taxes", async () => {
    const coupon = await s.stripe.coupons.create({ percent_off: 50, duration: "forever" });
    const rate = await s.stripe.taxRates.create({
      display_name: "VAT",
      percentage: 20,
      inclusive: false,
    });
    await start(s, {
      billing_thresholds: { amount_gte: 1000 },
      discounts: [{ coupon: coupon.id }],
      default_tax_rates: [rate.id],
    });
    await use(s, 1999);
    expect(await invoicesOf(s)).to.deep.equal([]);
    await use(s, 1);
    expect(await invoicesOf(s)).to.deep.equal([["subscription_threshold", 1200]]);
  });

  it("are not looked at in a trial, nor in the last day of a period", async () => {
    const thresholds = { billing_thresholds: { amount_gte: 1000 } };
    const tried = await start(s, { ...thresholds, trial_period_days: 5 });
    await use(s, 5000);
    expect((await invoicesOf(s)).map(([reason]) => reason)).to.not.include(
      "subscription_threshold",
    );
    await s.stripe.subscriptions.cancel(tried.id);
    await start(s, thresholds);
    await s.rig.advance({ to: "2026-02-27T12:00:00Z" });
    await use(s, 5000);
    expect((await invoicesOf(s)).map(([reason]) => reason)).to.not.include(
      "subscription_threshold",
    );
    await s.rig.advance({ advanceDays: 2 });
    expect((await invoicesOf(s)).at(-1)).to.deep.equal(["subscription_cycle", 10_000]);
  });

  it("come and go by an update, and with a schedule's phase", async () => {
    const made = await start(s, { billing_thresholds: { amount_gte: 1000 } });
    const without = await s.stripe.subscriptions.update(made.id, { billing_thresholds: "" });
    expect(without.billing_thresholds).to.equal(null);
    await use(s, 5000);
    expect(await invoicesOf(s)).to.deep.equal([]);
    const month = { interval: "month", interval_count: 1 } as const;
    const schedule = await s.stripe.subscriptionSchedules.create({
      customer: s.owner,
      start_date: "now",
      phases: [
        {
          items: [{ price: s.metered.id, billing_thresholds: { usage_gte: 70 } }],
          billing_thresholds: { amount_gte: 9000 },
          duration: month,
        },
        { items: [{ price: s.metered.id }], duration: month },
      ],
    });
    expect(schedule.phases[0]?.billing_thresholds).to.deep.equal({
      amount_gte: 9000,
      reset_billing_cycle_anchor: null,
    });
    const id = String(schedule.subscription);
    const first = await s.stripe.subscriptions.retrieve(id);
    expect(first.billing_thresholds?.amount_gte).to.equal(9000);
    expect(first.items.data[0]?.billing_thresholds).to.deep.equal({ usage_gte: 70 });
    await s.rig.advance({ advanceDays: 32 });
    const second = await s.stripe.subscriptions.retrieve(id);
    expect(second.billing_thresholds).to.equal(null);
    expect(second.items.data[0]?.billing_thresholds).to.equal(null);
  });

  it("are refused below fifty of the smallest units", async () => {
    const call = start(s, { billing_thresholds: { amount_gte: 49 } });
    expect(await refusal(call)).to.include({ param: "billing_thresholds[amount_gte]" });
  });
});
