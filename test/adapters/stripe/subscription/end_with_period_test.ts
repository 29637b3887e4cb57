import { expect } from "chai";
import { type Rig, seed, startRig, stopRigs } from "../../../sandbox/rig.ts";
import { connected } from "../connected.ts";

describe("The end of a subscription with its period, against the sandbox", () => {
  let rig: Rig;
  afterEach(stopRigs);

  /** A subscription that is to become a cheaper one with its next period. */
  async function scheduled() {
    rig = await startRig();
    const { stripe } = rig;
    const { customer, product, price } = await seed(rig);
    const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      default_payment_method: card.id,
    });
    const cheaper = await stripe.prices.create({
      product: product.id,
      currency: "usd",
      unit_amount: 900,
      recurring: { interval: "month" },
    });
    const { id, phases } = await stripe.subscriptionSchedules.create({
      from_subscription: subscription.id,
    });
    const [now] = phases;
    const dates = { start_date: now?.start_date ?? 0, end_date: now?.end_date ?? 0 };
    await stripe.subscriptionSchedules.update(id, {
      phases: [
        { items: [{ price: price.id, quantity: 1 }], ...dates },
        { items: [{ price: cheaper.id, quantity: 1 }] },
      ],
    });
    return { id: subscription.id, schedule: id };
  }

  it("P44 releases the schedule that manages it, which Stripe would refuse it for", async () => {
    const { id, schedule } = await scheduled();
    const { stripe } = rig;
    const refused = await stripe.subscriptions
      .update(id, { cancel_at_period_end: true })
      .catch((error: unknown) => error);
    expect(String(refused)).to.include("updating any cancelation behavior directly is not allowed");
    const { gateway } = connected({ baseUrl: rig.sandbox.url });
    await gateway.cancelAtPeriodEnd(id);
    await gateway.cancelAtPeriodEnd(id);
    expect(await stripe.subscriptions.retrieve(id)).to.include({
      cancel_at_period_end: true,
      schedule: null,
    });
    expect((await stripe.subscriptionSchedules.retrieve(schedule)).status).to.equal("released");
    await rig.control("POST", "/clock", { advanceDays: 32 });
    expect((await stripe.subscriptions.retrieve(id)).status).to.equal("canceled");
    await gateway.cancelAtPeriodEnd(id);
    await gateway.cancelAtPeriodEnd("sub_none");
  });

  it("P44 comes at once where the first payment was never made", async () => {
    rig = await startRig();
    const { customer, price } = await seed(rig);
    const { id, status } = await rig.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      payment_behavior: "default_incomplete",
    });
    expect(status).to.equal("incomplete");
    await connected({ baseUrl: rig.sandbox.url }).gateway.cancelAtPeriodEnd(id);
    expect((await rig.stripe.subscriptions.retrieve(id)).status).to.match(/canceled|expired/);
  });
});
