import { expect } from "chai";
import type { Stripe } from "stripe";
import {
  END,
  eventsOf,
  latestInvoice,
  MIDDLE,
  PAID_AT_ONCE,
  seconds,
  subscribed,
} from "./plans.ts";
import { refusal, START, stopRigs } from "./rig.ts";

const FAILS_LATER = "4000000000000341";

function shapes(invoice: Stripe.Invoice) {
  return invoice.lines.data.map(({ amount, description, parent, period }) => ({
    amount,
    description,
    proration: parent?.subscription_item_details?.proration,
    from: new Date(period.start * 1000).toISOString(),
    to: new Date(period.end * 1000).toISOString(),
  }));
}

describe("changing the plan of a subscription in the sandbox", () => {
  afterEach(stopRigs);

  it("with always_invoice charges the difference at once and keeps the period", async () => {
    const found = await subscribed();
    const { rig, subscription, item, business } = found;
    const before = await latestInvoice(found);
    const types = await eventsOf(rig, () =>
      rig.stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price: business.id }],
        proration_behavior: "always_invoice",
      }),
    );
    expect(types).to.deep.equal(["customer.subscription.updated", ...PAID_AT_ONCE]);
    const invoice = await latestInvoice(found);
    expect(invoice).to.include({
      billing_reason: "subscription_update",
      status: "paid",
      total: 2500,
      amount_paid: 2500,
      period_start: seconds(START),
      period_end: seconds(MIDDLE),
    });
    const rest = { proration: true, from: MIDDLE, to: END };
    expect(shapes(invoice)).to.deep.equal([
      { amount: -2450, description: "Unused time on Pro after 14 Feb 2026", ...rest },
      { amount: 4950, description: "Remaining time on Business after 14 Feb 2026", ...rest },
    ]);
    const [credit, debit] = invoice.lines.data.map(({ parent }) => parent);
    expect(credit?.subscription_item_details?.proration_details).to.deep.equal({
      credited_items: { invoice: before.id, invoice_line_items: [before.lines.data[0]?.id] },
    });
    expect(debit?.subscription_item_details?.proration_details?.credited_items).to.equal(null);
    const [plan] = (await rig.stripe.subscriptions.retrieve(subscription.id)).items.data;
    expect(plan).to.include({ id: item, current_period_end: seconds(END) });
    expect(plan?.price.id).to.equal(business.id);
    const previous = rig.receiver.received[0]?.event.data.previous_attributes;
    expect(previous).to.have.all.keys("items", "latest_invoice", "plan");
  });

  it("with create_prorations puts the difference on the renewal's invoice, first", async () => {
    const found = await subscribed();
    const { rig, subscription, item, business } = found;
    const types = await eventsOf(rig, () =>
      rig.stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price: business.id }],
      }),
    );
    expect(types).to.deep.equal([
      "invoiceitem.created",
      "invoiceitem.created",
      "customer.subscription.updated",
    ]);
    const { data: waiting } = await rig.stripe.invoiceItems.list({ pending: true });
    expect(waiting.map(({ amount, proration }) => [amount, proration])).to.deep.equal([
      [4950, true],
      [-2450, true],
    ]);
    await rig.advance({ to: "2026-02-28T12:00:00Z" });
    const renewal = await latestInvoice(found);
    expect(renewal).to.include({ billing_reason: "subscription_cycle", status: "paid" });
    expect(shapes(renewal).map(({ amount, proration }) => [amount, proration])).to.deep.equal([
      [-2450, true],
      [4950, true],
      [9900, false],
    ]);
  });

  it("with none changes the price and charges nothing before the renewal", async () => {
    const found = await subscribed();
    const { rig, subscription, item, business } = found;
    await rig.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: business.id }],
      proration_behavior: "none",
    });
    await rig.advance({ to: "2026-02-28T12:00:00Z" });
    expect(shapes(await latestInvoice(found)).map(({ amount }) => amount)).to.deep.equal([9900]);
  });

  it("to a cheaper price keeps the credit as the customer's balance", async () => {
    const found = await subscribed();
    const { rig, subscription, item, starter, catalog } = found;
    await rig.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: starter.id }],
      proration_behavior: "always_invoice",
    });
    expect(await latestInvoice(found)).to.include({
      status: "paid",
      total: -1500,
      amount_due: 0,
      ending_balance: -1500,
    });
    await rig.advance({ to: "2026-02-28T12:00:00Z" });
    expect(await latestInvoice(found)).to.include({
      total: 1900,
      starting_balance: -1500,
      amount_due: 400,
      amount_paid: 400,
      ending_balance: 0,
    });
    expect(await rig.stripe.customers.retrieve(catalog.customer.id)).to.include({ balance: 0 });
  });

  // docs.stripe.com/billing/subscriptions/billing-mode/compare: the anchor is never reset implicitly.
  it("from month to year follows an anchor that is left alone, and prorates both", async () => {
    const found = await subscribed();
    const { rig, subscription, item, yearly } = found;
    await rig.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: yearly.id }],
      proration_behavior: "always_invoice",
    });
    const anniversary = "2027-01-31T10:00:00.000Z";
    expect(shapes(await latestInvoice(found))).to.deep.equal([
      {
        amount: -2450,
        description: "Unused time on Pro after 14 Feb 2026",
        proration: true,
        from: MIDDLE,
        to: END,
      },
      {
        amount: Math.round((49_000 * (365 - 14)) / 365),
        description: "Remaining time on Pro after 14 Feb 2026",
        proration: true,
        from: MIDDLE,
        to: anniversary,
      },
    ]);
    const changed = await rig.stripe.subscriptions.retrieve(subscription.id);
    expect(changed.billing_cycle_anchor).to.equal(subscription.billing_cycle_anchor);
    expect(changed.items.data[0]?.current_period_end).to.equal(seconds(anniversary));
  });

  // docs.stripe.com/api/subscriptions/update: another interval resets the billing date.
  it("from month to year begins a period with restarts_period, with a line for all of it", async () => {
    const found = await subscribed();
    const { rig, subscription, item, yearly } = found;
    await rig.control("POST", "/assumptions", { intervalChange: "restarts_period" });
    await rig.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: yearly.id }],
      proration_behavior: "always_invoice",
    });
    const invoice = await latestInvoice(found);
    expect(invoice).to.include({ billing_reason: "subscription_update", total: 46_550 });
    const year = "2027-02-14T10:00:00.000Z";
    expect(shapes(invoice).map(({ description: _, ...line }) => line)).to.deep.equal([
      { amount: -2450, proration: true, from: MIDDLE, to: END },
      { amount: 49_000, proration: false, from: MIDDLE, to: year },
    ]);
    const changed = await rig.stripe.subscriptions.retrieve(subscription.id);
    expect(changed.billing_cycle_anchor).to.equal(seconds(MIDDLE));
    expect(changed.items.data[0]?.current_period_end).to.equal(seconds(year));
  });

  it("stays when its payment fails: the subscription is past due and tried again", async () => {
    const found = await subscribed(FAILS_LATER);
    const { rig, subscription, item, business } = found;
    const types = await eventsOf(rig, () =>
      rig.stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price: business.id }],
        proration_behavior: "always_invoice",
      }),
    );
    expect(types.slice(-3)).to.deep.equal([
      "invoice.payment_failed",
      "customer.updated",
      "customer.subscription.updated",
    ]);
    const changed = await rig.stripe.subscriptions.retrieve(subscription.id);
    expect(changed.status).to.equal("past_due");
    expect(changed.items.data[0]?.price.id).to.equal(business.id);
    expect(await latestInvoice(found)).to.include({ status: "open", amount_remaining: 2500 });
  });

  it("refuses what Stripe refuses", async () => {
    const { rig, subscription, item, business } = await subscribed();
    const { subscriptions } = rig.stripe;
    const update = (params: Stripe.SubscriptionUpdateParams) =>
      refusal(subscriptions.update(subscription.id, params));
    const noItem = await update({ items: [{ id: "si_none", price: business.id }] });
    expect(noItem).to.include({ code: "resource_missing", param: "items[0][id]" });
    const noPrice = await update({ items: [{ id: item, price: "price_none" }] });
    expect(noPrice).to.include({ code: "resource_missing", param: "items[0][price]" });
    const early = await update({
      items: [{ id: item, price: business.id }],
      proration_date: seconds("2026-01-01T00:00:00Z"),
    });
    expect(early.param).to.equal("proration_date");
    await rig.stripe.prices.update(business.id, { active: false });
    const inactive = await update({ items: [{ id: item, price: business.id }] });
    expect(inactive).to.include({ statusCode: 400, param: "items[0][price]" });
    await subscriptions.cancel(subscription.id);
    expect((await update({ items: [{ id: item }] })).statusCode).to.equal(400);
  });
});
