import { expect } from "chai";
import type { Stripe } from "stripe";
import { eventsOf, seconds } from "./plans.ts";
import { openCheckout, type Rig, START, seed, startRig, stopRigs } from "./rig.ts";

async function startTrial(days: number, card = "4242424242424242") {
  const rig = await startRig();
  const catalog = await seed(rig);
  const session = await openCheckout(rig, catalog, {
    subscription_data: { metadata: { tenantId: "tnt_01" }, trial_period_days: days },
  });
  await rig.sandbox.settled();
  rig.receiver.received.length = 0;
  const { body } = await rig.control("POST", `/checkout/${session.id}/complete`, { card });
  await rig.sandbox.settled();
  return { rig, session, completed: body, id: String(body.subscription) };
}

function read(rig: Rig, id: string): Promise<Stripe.Subscription> {
  return rig.stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
}

describe("a trial in the sandbox", () => {
  afterEach(stopRigs);

  it("starts in Checkout with an invoice over nothing", async () => {
    const { rig, session, completed, id } = await startTrial(14);
    expect(session.amount_total).to.equal(0);
    expect(completed).to.include({ payment_status: "no_payment_required", status: "complete" });
    const end = seconds("2026-02-14T10:00:00Z");
    const subscription = await read(rig, id);
    expect(subscription).to.include({
      status: "trialing",
      trial_start: seconds(START),
      trial_end: end,
      billing_cycle_anchor: end,
    });
    expect(subscription.items.data[0]?.current_period_end).to.equal(end);
    expect(subscription.latest_invoice).to.include({ status: "paid", total: 0 });
    expect(rig.receiver.types()).to.deep.equal([
      "payment_method.attached",
      "customer.subscription.created",
      "invoice.created",
      "invoice.finalized",
      "invoice.updated",
      "invoice.paid",
      "checkout.session.completed",
    ]);
  });

  it("is announced three days before its end, and then charged", async () => {
    const { rig, id } = await startTrial(14);
    expect(await eventsOf(rig, () => rig.advance({ advanceDays: 10.9 }))).to.deep.equal([]);
    expect(await eventsOf(rig, () => rig.advance({ advanceDays: 0.2 }))).to.deep.equal([
      "customer.subscription.trial_will_end",
    ]);
    await rig.advance({ to: "2026-02-14T12:00:00Z" });
    const subscription = await read(rig, id);
    expect(subscription.status).to.equal("active");
    expect(subscription.items.data[0]).to.include({
      current_period_start: seconds("2026-02-14T10:00:00Z"),
      current_period_end: seconds("2026-03-14T10:00:00Z"),
    });
    expect(subscription.latest_invoice).to.include({
      billing_reason: "subscription_cycle",
      status: "paid",
      total: 4900,
    });
  });

  it("is announced at once where it is shorter than that", async () => {
    const { rig } = await startTrial(1);
    expect(await eventsOf(rig, () => rig.advance({ advanceHours: 1 }))).to.deep.equal([
      "customer.subscription.trial_will_end",
    ]);
  });

  it("ends past due where the card fails then", async () => {
    const { rig, id } = await startTrial(7, "4000000000000341");
    await rig.advance({ advanceDays: 7.5 });
    expect((await read(rig, id)).status).to.equal("past_due");
  });

  it("goes on through a change of plan, or ends by it and is charged", async () => {
    const { rig, id } = await startTrial(14);
    const product = await rig.stripe.products.create({ name: "Business" });
    const { id: price } = await rig.stripe.prices.create({
      product: product.id,
      currency: "usd",
      unit_amount: 9900,
      recurring: { interval: "month" },
    });
    const item = (await read(rig, id)).items.data[0]?.id ?? "";
    const { subscriptions } = rig.stripe;
    await subscriptions.update(id, {
      items: [{ id: item, price }],
      proration_behavior: "always_invoice",
    });
    expect(await read(rig, id)).to.include({ status: "trialing" });
    await subscriptions.update(id, { trial_end: "now" });
    const ended = await read(rig, id);
    expect(ended).to.include({ status: "active", trial_end: seconds(START) });
    expect(ended.latest_invoice).to.include({
      billing_reason: "subscription_update",
      status: "paid",
      total: 9900,
    });
  });
});
