import { expect } from "chai";
import type { Stripe } from "stripe";
import { refusal, stopRigs } from "../rig.ts";
import {
  day,
  latestOf,
  linesOf,
  payWith,
  type Subscriber,
  subscriber,
  told,
  toldTypes,
} from "./subscriber.ts";

const MIDDLE = "2026-02-14T10:00:00Z";

async function subscribed(
  params: Partial<Stripe.SubscriptionCreateParams> = {},
  card: string | null = "pm_card_visa",
): Promise<Subscriber & { id: string; item: string }> {
  const found = await subscriber(card);
  const { stripe, owner, price } = found;
  const items = [{ price: price.id }];
  const { id, items: made } = await stripe.subscriptions.create({
    customer: owner,
    items,
    ...params,
  });
  await found.rig.advance({ to: MIDDLE });
  await told(found);
  return { ...found, id, item: String(made.data[0]?.id) };
}

// docs.stripe.com/api/subscriptions/cancel
describe("DELETE /v1/subscriptions/:id of the sandbox", () => {
  afterEach(stopRigs);

  it("credits unused time with prorate, and invoices it with invoice_now", async () => {
    const it = await subscribed();
    const canceled = await it.stripe.subscriptions.cancel(it.id, {
      prorate: true,
      invoice_now: true,
      cancellation_details: { comment: "Bye", feedback: "unused" },
    });
    expect(canceled).to.include({ status: "canceled" });
    expect(canceled.cancellation_details).to.include({
      comment: "Bye",
      feedback: "unused",
      reason: "cancellation_requested",
    });
    expect(await latestOf(it, it)).to.include({ status: "paid", total: -2450 });
    const customer = await it.stripe.customers.retrieve(it.owner);
    expect(customer).to.include({ balance: -2450 });
    expect((await toldTypes(it)).at(-1)).to.equal("customer.subscription.deleted");
  });

  it("invoices what is pending with invoice_now, and forgets it with neither", async () => {
    for (const invoice_now of [true, false]) {
      const it = await subscribed();
      const items = [{ id: it.item, price: it.business.id }];
      await it.stripe.subscriptions.update(it.id, { items });
      const before = await latestOf(it, it);
      await it.stripe.subscriptions.cancel(it.id, { invoice_now });
      const after = await latestOf(it, it);
      expect(after.id === before.id).to.equal(!invoice_now);
      expect(after.total).to.equal(invoice_now ? 2500 : 4900);
    }
  });

  it("collects pending prorations at a scheduled end", async () => {
    const it = await subscribed();
    await it.stripe.subscriptions.update(it.id, {
      items: [{ id: it.item, price: it.business.id }],
      cancel_at_period_end: true,
    });
    await it.rig.advance({ to: "2026-02-28T12:00:00Z" });
    expect((await it.stripe.subscriptions.retrieve(it.id)).status).to.equal("canceled");
    const last = await latestOf(it, it);
    expect(last).to.include({ total: 2500, billing_reason: "subscription_cycle" });
  });
});

// docs.stripe.com/billing/subscriptions/trials/free-trials
describe("a trial that ends without a payment method in the sandbox", () => {
  afterEach(stopRigs);

  const ends = (missing_payment_method: "cancel" | "create_invoice" | "pause") =>
    subscribed(
      { trial_period_days: 20, trial_settings: { end_behavior: { missing_payment_method } } },
      null,
    );

  it("is canceled, paused or invoiced, as its settings say", async () => {
    const canceled = await ends("cancel");
    await canceled.rig.advance({ advanceDays: 7 });
    expect((await canceled.stripe.subscriptions.retrieve(canceled.id)).status).to.equal("canceled");
    const invoiced = await ends("create_invoice");
    await invoiced.rig.advance({ advanceDays: 7 });
    expect(await latestOf(invoiced, invoiced)).to.include({ status: "open", total: 4900 });
    const late = await invoiced.stripe.subscriptions.retrieve(invoiced.id);
    expect(late.status).to.equal("past_due");
    const paused = await ends("pause");
    await paused.rig.advance({ advanceDays: 7 });
    const found = await paused.stripe.subscriptions.retrieve(paused.id);
    expect(found.status).to.equal("paused");
    expect(found.status_details?.paused.subscription.type).to.equal(
      "trial_end_without_payment_method",
    );
    const types = await toldTypes(paused);
    expect(types.at(-1)).to.equal("customer.subscription.paused");
    expect(types).to.not.include("invoice.created");
    await paused.rig.advance({ advanceDays: 90 });
    expect(await toldTypes(paused)).to.deep.equal([]);
  });

  it("is paid and active again when it is resumed with one", async () => {
    const it = await ends("pause");
    await it.rig.advance({ advanceDays: 7 });
    await payWith(it, "pm_card_visa");
    await told(it);
    const resumed = await it.stripe.subscriptions.resume(it.id, {
      payment_behavior: "resume_on_payment_success",
    });
    expect(resumed).to.include({ status: "active" });
    expect(resumed.status_details).to.equal(undefined);
    expect(day(resumed.billing_cycle_anchor)).to.equal("2026-02-21");
    expect(await latestOf(it, it)).to.include({ status: "paid", total: 4900 });
    const types = await toldTypes(it);
    expect(types[0]).to.equal("customer.subscription.updated");
    expect(types).to.include("customer.subscription.resumed");
  });
});

// docs.stripe.com/billing/subscriptions/pause
describe("pausing and resuming a subscription in the sandbox", () => {
  afterEach(stopRigs);

  it("gives unused time back, writes no invoice, and goes on with a new period", async () => {
    const it = await subscribed();
    const paused = await it.stripe.subscriptions.pause(it.id, { invoicing_behavior: "invoice" });
    expect(paused.status).to.equal("paused");
    expect(await latestOf(it, it)).to.include({ total: -2450 });
    await told(it);
    await it.rig.advance({ advanceDays: 60 });
    expect(await toldTypes(it)).to.deep.equal([]);
    const resumed = await it.stripe.subscriptions.resume(it.id, {
      payment_behavior: "resume_on_payment_success",
    });
    expect(resumed.status).to.equal("active");
    const line = linesOf(await latestOf(it, it))[0];
    expect(line).to.include({ amount: 4900, from: "2026-04-15", to: "2026-05-15" });
  });

  // docs.stripe.com/changelog/dahlia/2026-05-27/pause-subscriptions
  it("is charged when it is resumed on success, and only by a later attempt otherwise", async () => {
    for (const behavior of ["resume_on_payment_attempt", "resume_on_payment_success"] as const) {
      const it = await subscribed();
      await it.stripe.subscriptions.pause(it.id, {
        bill_for: { unused_time_from: { type: "none" } },
      });
      await payWith(it, "pm_card_chargeCustomerFail");
      const resumed = await it.stripe.subscriptions.resume(it.id, { payment_behavior: behavior });
      const attempt = behavior === "resume_on_payment_attempt";
      expect(resumed.status).to.equal("paused");
      const invoice = await latestOf(it, it);
      expect(invoice).to.include({ status: "open", attempted: !attempt });
      if (attempt) {
        await refusal(it.stripe.invoices.pay(String(invoice.id)));
      }
      await it.rig.advance({ advanceHours: 24 });
      const later = await it.stripe.invoices.retrieve(String(invoice.id));
      expect(later.status).to.equal(attempt ? "open" : "void");
      const found = await it.stripe.subscriptions.retrieve(it.id);
      expect(found.status).to.equal(attempt ? "past_due" : "paused");
    }
  });

  it("refuses to pause in classic billing mode and to resume what is not paused", async () => {
    const it = await subscribed({ billing_mode: { type: "classic" } });
    expect((await refusal(it.stripe.subscriptions.pause(it.id))).statusCode).to.equal(400);
    expect((await refusal(it.stripe.subscriptions.resume(it.id))).statusCode).to.equal(400);
    const flexible = { billing_mode: { type: "flexible" } } as const;
    const migrated = await it.stripe.subscriptions.migrate(it.id, flexible);
    expect(migrated.billing_mode.type).to.equal("flexible");
    expect((await refusal(it.stripe.subscriptions.migrate(it.id, flexible))).statusCode).to.equal(
      400,
    );
  });
});

// docs.stripe.com/billing/subscriptions/mixed-interval
describe("items of a subscription in the sandbox", () => {
  afterEach(stopRigs);

  it("renew each at its own interval, together on one invoice where they meet", async () => {
    const it = await subscriber();
    const { id } = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.yearly.id }, { price: it.price.id }],
    });
    await it.rig.advance({ to: "2026-02-28T12:00:00Z" });
    expect(linesOf(await latestOf(it, { id })).map(({ amount }) => amount)).to.deep.equal([4900]);
    const { items } = await it.stripe.subscriptions.retrieve(id);
    expect(items.data.map((item) => day(item.current_period_end))).to.deep.equal([
      "2027-01-31",
      "2026-03-31",
    ]);
    await it.rig.advance({ to: "2027-01-31T12:00:00Z" });
    const both = linesOf(await latestOf(it, { id })).map(({ amount }) => amount);
    expect(both).to.deep.equal([49_000, 4900]);
  });

  it("bill metered prices in arrears", async () => {
    const it = await subscriber();
    const { id } = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.price.id }, { price: it.metered.id }],
    });
    await it.rig.advance({ to: "2026-02-10T12:00:00Z" });
    for (const value of ["300", "25"]) {
      const payload = { stripe_customer_id: it.owner, value };
      await it.stripe.billing.meterEvents.create({ event_name: "calls", payload });
    }
    await it.rig.advance({ to: "2026-02-28T12:00:00Z" });
    const lines = linesOf(await latestOf(it, { id }));
    expect(lines.map(({ amount, from, to }) => [amount, from, to])).to.deep.equal([
      [325, "2026-01-31", "2026-02-28"],
      [4900, "2026-02-28", "2026-03-31"],
    ]);
  });

  it("are created, read, changed, listed and deleted by themselves (api/subscription_items)", async () => {
    const it = await subscribed();
    const { subscriptionItems } = it.stripe;
    const added = await subscriptionItems.create({
      subscription: it.id,
      price: it.business.id,
      quantity: 2,
      proration_behavior: "always_invoice",
    });
    expect(added).to.include({ object: "subscription_item", quantity: 2, subscription: it.id });
    expect(await latestOf(it, it)).to.include({ total: 9900 });
    const changed = await subscriptionItems.update(added.id, { quantity: 1 });
    expect(changed.quantity).to.equal(1);
    expect(await subscriptionItems.retrieve(added.id)).to.include({ id: added.id });
    const { data } = await subscriptionItems.list({ subscription: it.id });
    expect(data.map(({ id }) => id)).to.deep.equal([it.item, added.id]);
    expect(await subscriptionItems.del(added.id)).to.include({ id: added.id, deleted: true });
    expect((await refusal(subscriptionItems.retrieve(added.id))).statusCode).to.equal(404);
  });
});

// docs.stripe.com/api/subscriptions/list
describe("GET /v1/subscriptions of the sandbox", () => {
  afterEach(stopRigs);

  it("filters by status, price, period, collection method and customer", async () => {
    const it = await subscribed();
    const other = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.business.id }],
      collection_method: "send_invoice",
      days_until_due: 3,
    });
    const listed = async (params: Stripe.SubscriptionListParams) =>
      (await it.stripe.subscriptions.list(params)).data.map(({ id }) => id);
    const march = Date.parse("2026-03-01T00:00:00Z") / 1000;
    expect(await listed({})).to.deep.equal([other.id, it.id]);
    expect(await listed({ price: it.business.id })).to.deep.equal([other.id]);
    expect(await listed({ plan: it.price.id })).to.deep.equal([it.id]);
    expect(await listed({ collection_method: "send_invoice" })).to.deep.equal([other.id]);
    expect(await listed({ current_period_end: { lt: march } })).to.deep.equal([it.id]);
    expect(await listed({ current_period_start: { gte: march - 30 * 86_400 } })).to.deep.equal([
      other.id,
      it.id,
    ]);
    await it.stripe.subscriptions.cancel(it.id);
    expect(await listed({ customer: it.owner })).to.deep.equal([other.id]);
    expect(await listed({ status: "ended" })).to.deep.equal([it.id]);
    expect(await listed({ customer: "cus_none", status: "all" })).to.deep.equal([]);
  });
});
