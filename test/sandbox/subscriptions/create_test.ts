import { expect } from "chai";
import type { Stripe } from "stripe";
import { refusal, stopRigs } from "../rig.ts";
import { day, latestOf, linesOf, subscriber, told, toldTypes } from "./subscriber.ts";

const DAY = 86_400;

// docs.stripe.com/api/subscriptions/create unless a title says otherwise.
describe("POST /v1/subscriptions of the sandbox", () => {
  afterEach(stopRigs);

  it("charges the customer's default payment method and is active (allow_incomplete)", async () => {
    const it = await subscriber();
    const created = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.price.id, quantity: 2, metadata: { seat: "a" } }],
      metadata: { tenantId: "tnt_01" },
      description: "By hand",
    });
    expect(created).to.include({ status: "active", currency: "usd", description: "By hand" });
    expect(created.items.data[0]).to.deep.include({ quantity: 2, metadata: { seat: "a" } });
    expect(created.billing_mode.type).to.equal("flexible");
    const invoice = await latestOf(it, created);
    expect(invoice).to.include({
      status: "paid",
      billing_reason: "subscription_create",
      total: 9800,
    });
    expect(invoice.parent?.subscription_details?.metadata).to.deep.equal({ tenantId: "tnt_01" });
    const types = await toldTypes(it);
    expect(types.slice(0, 3)).to.deep.equal([
      "customer.updated",
      "customer.subscription.created",
      "invoice.created",
    ]);
    expect(types).to.include("invoice.paid");
    const customer = await it.stripe.customers.retrieve(it.owner);
    expect(customer).to.include({ currency: "usd" });
  });

  it("has several items, licensed, metered and inline, on one invoice", async () => {
    const it = await subscriber();
    const inline = {
      currency: "usd",
      product: it.product.id,
      unit_amount: 500,
      recurring: { interval: "month" as const },
    };
    const created = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.price.id }, { price: it.metered.id }, { price_data: inline }],
    });
    const [plan, usage, addon] = created.items.data;
    expect([plan?.quantity, usage?.quantity, addon?.quantity]).to.deep.equal([1, undefined, 1]);
    expect(usage?.plan.usage_type).to.equal("metered");
    expect(addon?.price).to.include({ unit_amount: 500, active: false });
    const invoice = await latestOf(it, created);
    expect(linesOf(invoice).map(({ amount }) => amount)).to.deep.equal([4900, 500]);
  });

  it("gives items of different intervals periods of their own (billing/subscriptions/mixed-interval)", async () => {
    const it = await subscriber();
    const created = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.yearly.id }, { price: it.price.id }],
    });
    expect(created.items.data.map((item) => day(item.current_period_end))).to.deep.equal([
      "2027-01-31",
      "2026-02-28",
    ]);
    const classic = await refusal(
      it.stripe.subscriptions.create({
        customer: it.owner,
        items: [{ price: it.yearly.id }, { price: it.price.id }],
        billing_mode: { type: "classic" },
      }),
    );
    expect(classic.message).to.include("interval field");
  });

  it("is on trial without a payment method, by days or by a date", async () => {
    const it = await subscriber(null);
    const items = [{ price: it.price.id }];
    const create = (params: Partial<Stripe.SubscriptionCreateParams>) =>
      it.stripe.subscriptions.create({ customer: it.owner, items, ...params });
    const byDays = await create({
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: "pause" } },
    });
    expect(byDays).to.include({ status: "trialing" });
    expect(day(byDays.trial_end)).to.equal("2026-02-14");
    expect(byDays.billing_cycle_anchor).to.equal(byDays.trial_end);
    expect(byDays.trial_settings?.end_behavior.missing_payment_method).to.equal("pause");
    expect(await latestOf(it, byDays)).to.include({ status: "paid", total: 0 });
    const byDate = await create({ trial_end: byDays.created + 3 * DAY });
    expect(day(byDate.items.data[0]?.current_period_end)).to.equal("2026-02-03");
  });

  it("waits for its first payment with default_incomplete, without a payment method", async () => {
    const it = await subscriber(null);
    const created = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.price.id }],
      payment_behavior: "default_incomplete",
    });
    expect(created.status).to.equal("incomplete");
    expect(await latestOf(it, created)).to.include({ status: "open", amount_remaining: 4900 });
  });

  it("is incomplete where the card is declined, and not made with error_if_incomplete", async () => {
    const it = await subscriber("pm_card_chargeCustomerFail");
    const items = [{ price: it.price.id }];
    const create = (payment_behavior: Stripe.SubscriptionCreateParams.PaymentBehavior) =>
      it.stripe.subscriptions.create({ customer: it.owner, items, payment_behavior });
    const error = await refusal(create("error_if_incomplete"));
    expect(error).to.include({ statusCode: 402, rawType: "card_error", code: "card_declined" });
    expect((await it.stripe.subscriptions.list({ status: "all" })).data).to.deep.equal([]);
    const created = await create("allow_incomplete");
    expect(created.status).to.equal("incomplete");
    const invoice = await latestOf(it, created);
    expect(invoice).to.include({ status: "open", attempted: true, next_payment_attempt: null });
    expect(await toldTypes(it)).to.include("invoice.payment_failed");
  });

  it("expires where nobody pays within 23 hours (Subscription.status)", async () => {
    const it = await subscriber("pm_card_chargeCustomerFail");
    const { id } = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.price.id }],
    });
    await it.rig.advance({ advanceHours: 22.9 });
    expect((await it.stripe.subscriptions.retrieve(id)).status).to.equal("incomplete");
    await told(it);
    await it.rig.advance({ advanceHours: 0.2 });
    const expired = await it.stripe.subscriptions.retrieve(id);
    expect(expired.status).to.equal("incomplete_expired");
    expect(await latestOf(it, expired)).to.include({ status: "void" });
    const events = await told(it);
    expect(events.map(({ type }) => type)).to.include.members([
      "customer.subscription.updated",
      "invoice.voided",
    ]);
    const updated = events.find(({ type }) => type === "customer.subscription.updated");
    expect(updated?.data.previous_attributes).to.include({ status: "incomplete" });
    await it.rig.advance({ advanceDays: 60 });
    expect(await toldTypes(it)).to.deep.equal([]);
  });

  it("becomes active when its first invoice is paid in time", async () => {
    const it = await subscriber("pm_card_chargeCustomerFail");
    const created = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.price.id }],
    });
    await told(it);
    const { id } = await it.stripe.paymentMethods.attach("pm_card_visa", { customer: it.owner });
    await it.stripe.invoices.pay(String(created.latest_invoice), { payment_method: id });
    expect((await it.stripe.subscriptions.retrieve(created.id)).status).to.equal("active");
    const events = await told(it);
    const updated = events.find(({ type }) => type === "customer.subscription.updated");
    expect(updated?.data.previous_attributes).to.deep.equal({ status: "incomplete" });
  });

  it("is active at once where invoices are sent; the first is a draft for an hour", async () => {
    const it = await subscriber(null);
    const created = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.price.id }],
      collection_method: "send_invoice",
      days_until_due: 30,
    });
    expect(created).to.include({ status: "active", days_until_due: 30 });
    expect(await latestOf(it, created)).to.include({
      status: "draft",
      collection_method: "send_invoice",
    });
    await told(it);
    await it.rig.advance({ advanceHours: 1 });
    const sent = await latestOf(it, created);
    expect(sent).to.include({ status: "open" });
    expect(day(sent.due_date)).to.equal("2026-03-02");
    expect(await toldTypes(it)).to.include("invoice.sent");
  });

  it("cuts the first period short where the anchor lies ahead (billing/subscriptions/billing-cycle)", async () => {
    const it = await subscriber();
    const items = [{ price: it.price.id }];
    const anchor = Date.parse("2026-02-14T10:00:00Z") / 1000;
    const create = (params: Partial<Stripe.SubscriptionCreateParams>) =>
      it.stripe.subscriptions.create({ customer: it.owner, items, ...params });
    const created = await create({ billing_cycle_anchor: anchor });
    expect(created.billing_cycle_anchor).to.equal(anchor);
    expect(day(created.items.data[0]?.current_period_end)).to.equal("2026-02-14");
    const [line] = linesOf(await latestOf(it, created));
    expect(line).to.include({ amount: Math.round((4900 * 14) / 31), from: "2026-01-31" });
    const free = await create({ billing_cycle_anchor: anchor, proration_behavior: "none" });
    expect(free).to.include({ status: "active", latest_invoice: null });
    const config = await create({ billing_cycle_anchor_config: { day_of_month: 15, hour: 0 } });
    expect(new Date(config.billing_cycle_anchor * 1000).toISOString()).to.equal(
      "2026-02-15T00:00:00.000Z",
    );
    const late = await refusal(create({ billing_cycle_anchor: anchor + 40 * DAY }));
    expect(late).to.include({ statusCode: 400, param: "billing_cycle_anchor" });
  });

  it("charges for the time since a start in the past (billing/subscriptions/backdating)", async () => {
    const it = await subscriber();
    const start = Date.parse("2026-01-01T10:00:00Z") / 1000;
    const created = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.price.id }],
      backdate_start_date: start,
    });
    expect(created.start_date).to.equal(start);
    const lines = linesOf(await latestOf(it, created));
    expect(lines.map(({ from, to }) => [from, to])).to.deep.equal([
      ["2026-01-01", "2026-01-31"],
      ["2026-01-31", "2026-02-28"],
    ]);
    expect(lines.map(({ amount }) => amount)).to.deep.equal([Math.round((4900 * 30) / 31), 4900]);
  });

  it("adds one-time prices to its first invoice, and ends when it is told to", async () => {
    const it = await subscriber();
    const created = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.price.id }],
      add_invoice_items: [{ price: it.once.id, quantity: 2 }],
      cancel_at: "max_period_end",
    });
    const invoice = await latestOf(it, created);
    expect(linesOf(invoice).map(({ amount }) => amount)).to.deep.equal([4900, 4000]);
    expect(invoice.lines.data[1]?.parent?.type).to.equal("invoice_item_details");
    expect(day(created.cancel_at)).to.equal("2026-02-28");
  });

  it("refuses what Stripe refuses", async () => {
    const it = await subscriber(null);
    const items = [{ price: it.price.id }];
    const refused = (params: Partial<Stripe.SubscriptionCreateParams>) =>
      refusal(it.stripe.subscriptions.create({ customer: it.owner, items, ...params }));
    const past = Date.parse("2026-01-01T00:00:00Z") / 1000;
    expect((await refused({})).message).to.include(
      "This customer has no attached payment source or default payment method.",
    );
    const euro = await it.stripe.prices.create({
      currency: "eur",
      product: it.product.id,
      unit_amount: 900,
      recurring: { interval: "month" },
    });
    const params: [Partial<Stripe.SubscriptionCreateParams>, string][] = [
      [{ customer: "cus_none" }, "customer"],
      [{ items: [{ price: "price_none" }] }, "items[0][price]"],
      [{ items: [{ price: it.once.id }] }, "items[0][price]"],
      [{ items: [...items, { price: euro.id }] }, "items[1][price]"],
      [{ items: [...items, ...items] }, "items"],
      [{ items: [] }, "items"],
      [{ trial_end: past }, "trial_end"],
      [{ trial_end: "now", trial_period_days: 3 }, "trial_end"],
      [{ backdate_start_date: past + 60 * DAY }, "backdate_start_date"],
      [{ billing_cycle_anchor: past }, "billing_cycle_anchor"],
      [{ days_until_due: 3 }, "days_until_due"],
      [{ collection_method: "send_invoice" }, "days_until_due"],
      [{ default_payment_method: "pm_none" }, "default_payment_method"],
      [{ payment_behavior: "pending_if_incomplete" }, "payment_behavior"],
      [{ cancel_at: past, trial_period_days: 1 }, "cancel_at"],
    ];
    for (const [param, name] of params) {
      expect(await refused(param), JSON.stringify(param)).to.include({
        statusCode: 400,
        param: name,
      });
    }
    await it.stripe.prices.update(it.business.id, { active: false });
    const inactive = await refused({ items: [{ price: it.business.id }] });
    expect(inactive.message).to.include("inactive");
    await it.stripe.subscriptions.create({ customer: it.owner, items, trial_period_days: 3 });
    const currencies = await refused({ items: [{ price: euro.id }], trial_period_days: 3 });
    expect(currencies.message).to.include("You cannot combine currencies on a single customer.");
  });
});
