import { expect } from "chai";
import type { Stripe } from "stripe";
import { refusal, START, seed, startRig, stopRigs, subscribe } from "./rig.ts";

const NOW = Date.parse(START) / 1000;

describe("sandbox subscriptions", () => {
  afterEach(stopRigs);

  it("are listed without canceled ones unless asked for", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const kept = await subscribe(rig, catalog);
    const canceled = await subscribe(rig, catalog);
    await rig.stripe.subscriptions.cancel(canceled.id, {
      cancellation_details: { comment: "Too much mail", feedback: "too_complex" },
    });
    const idsOf = async (params: Stripe.SubscriptionListParams) =>
      (await rig.stripe.subscriptions.list(params)).data.map(({ id }) => id);
    expect(await idsOf({})).to.deep.equal([kept.id]);
    expect(await idsOf({ status: "all" })).to.deep.equal([canceled.id, kept.id]);
    expect(await idsOf({ status: "canceled" })).to.deep.equal([canceled.id]);
    expect(await idsOf({ price: catalog.price.id })).to.deep.equal([kept.id]);
    expect(await idsOf({ price: "price_other" })).to.deep.equal([]);
    const ended = await rig.stripe.subscriptions.retrieve(canceled.id);
    expect(ended.cancellation_details).to.include({
      comment: "Too much mail",
      feedback: "too_complex",
      reason: "cancellation_requested",
    });
    const again = await refusal(rig.stripe.subscriptions.cancel(canceled.id));
    expect(again.statusCode).to.equal(404);
  });

  it("schedule their end and take it back, with what changed", async () => {
    const rig = await startRig();
    const { id, items } = await subscribe(rig, await seed(rig));
    rig.receiver.received.length = 0;
    const end = items.data[0]?.current_period_end;
    const scheduled = await rig.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    expect(scheduled).to.include({ cancel_at_period_end: true, cancel_at: end, canceled_at: NOW });
    const kept = await rig.stripe.subscriptions.update(id, { cancel_at: "" });
    expect(kept).to.include({ cancel_at_period_end: false, cancel_at: null, canceled_at: null });
    const atEnd = await rig.stripe.subscriptions.update(id, { cancel_at: "min_period_end" });
    expect(atEnd).to.include({ cancel_at_period_end: false, cancel_at: end });
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal(Array(3).fill("customer.subscription.updated"));
    expect(rig.receiver.received[0]?.event.data.previous_attributes).to.deep.equal({
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { reason: null },
    });
  });

  it("send no event where an update changes nothing", async () => {
    const rig = await startRig();
    const { id } = await subscribe(rig, await seed(rig));
    rig.receiver.received.length = 0;
    await rig.stripe.subscriptions.update(id, { metadata: { tenantId: "tnt_01" } });
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal([]);
  });

  it("refuse an end in the past, a double end and any change after the end", async () => {
    const rig = await startRig();
    const { id } = await subscribe(rig, await seed(rig));
    const { subscriptions } = rig.stripe;
    const past = await refusal(subscriptions.update(id, { cancel_at: NOW - 1 }));
    expect(past).to.include({ statusCode: 400, param: "cancel_at" });
    const both = subscriptions.update(id, { cancel_at: NOW + 9, cancel_at_period_end: true });
    expect((await refusal(both)).statusCode).to.equal(400);
    const plan = subscriptions.update(id, { items: [{ price: "price_x" }] });
    expect(await refusal(plan)).to.include({ statusCode: 400, param: "items[0][price]" });
    await subscriptions.cancel(id);
    const late = await refusal(subscriptions.update(id, { cancel_at_period_end: true }));
    expect(late.statusCode).to.equal(400);
  });
});

describe("sandbox invoices", () => {
  afterEach(stopRigs);

  it("carry the subscription, its metadata and the service period on the line", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const { id, items } = await subscribe(rig, catalog);
    const { data } = await rig.stripe.invoices.list({ subscription: id });
    const [invoice] = data;
    expect(invoice).to.include({
      status: "paid",
      billing_reason: "subscription_create",
      amount_paid: 4900,
      amount_remaining: 0,
      attempt_count: 0,
      period_start: NOW,
      period_end: NOW,
    });
    expect(invoice?.parent?.subscription_details).to.deep.equal({
      metadata: { tenantId: "tnt_01" },
      subscription: id,
    });
    const lines = await rig.stripe.invoices.listLineItems(String(invoice?.id));
    expect(lines.data).to.have.length(1);
    expect(lines.data[0]).to.deep.include({
      amount: 4900,
      description: "1 × Pro (at $49.00 / month)",
      period: {
        start: items.data[0]?.current_period_start,
        end: items.data[0]?.current_period_end,
      },
    });
    expect(lines.data[0]?.pricing?.price_details?.price).to.equal(catalog.price.id);
  });

  it("lead to their payment and back", async () => {
    const rig = await startRig();
    const { latest_invoice: latest } = await subscribe(rig, await seed(rig));
    const invoice = await rig.stripe.invoices.retrieve(String(latest), {
      expand: ["payments.data.payment.payment_intent"],
    });
    const payment = invoice.payments?.data[0]?.payment;
    const intent = payment?.payment_intent as Stripe.PaymentIntent;
    expect(intent).to.include({ status: "succeeded", amount: 4900 });
    const listed = await rig.stripe.invoicePayments.list({ invoice: String(latest) });
    expect(listed.data[0]?.payment.payment_intent).to.equal(intent.id);
    const charge = await rig.stripe.charges.retrieve(String(intent.latest_charge));
    expect(charge).to.include({ paid: true, payment_intent: intent.id });
    expect((await rig.stripe.paymentIntents.retrieve(intent.id)).id).to.equal(intent.id);
    const method = await rig.stripe.paymentMethods.retrieve(String(intent.payment_method));
    expect(method.card?.last4).to.equal("4242");
  });

  it("are filtered by customer, status and time", async () => {
    const rig = await startRig();
    const { customer, ...catalog } = await seed(rig);
    await subscribe(rig, { customer, ...catalog });
    await rig.advance({ to: "2026-02-28T10:00:00Z" });
    const count = async (params: Stripe.InvoiceListParams) =>
      (await rig.stripe.invoices.list(params)).data.length;
    expect(await count({ customer: customer.id })).to.equal(2);
    expect(await count({ status: "draft" })).to.equal(1);
    expect(await count({ status: "paid" })).to.equal(1);
    expect(await count({ created: { gt: NOW } })).to.equal(1);
    expect(await count({ created: { gte: NOW, lt: NOW + 1 } })).to.equal(1);
    expect(await count({ created: NOW })).to.equal(1);
    expect(await count({ customer: "cus_other" })).to.equal(0);
  });
});
