import { expect } from "chai";
import type { Stripe } from "stripe";
import { type Rig, refusal, seed, startRig, stopRigs } from "./rig.ts";

describe("sandbox one-time payments", () => {
  let rig: Rig;
  let customer: string;
  let price: string;

  beforeEach(async () => {
    rig = await startRig();
    const seeded = await seed(rig);
    customer = seeded.customer.id;
    const once = await rig.stripe.prices.create({
      product: seeded.product.id,
      currency: "eur",
      unit_amount: 2_000,
    });
    price = once.id;
  });
  afterEach(stopRigs);

  const open = (changes: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
    rig.stripe.checkout.sessions.create({
      mode: "payment",
      customer,
      line_items: [{ price, quantity: 1 }],
      success_url: "https://app.example.com/ok",
      cancel_url: "https://app.example.com/cancel",
      metadata: { kind: "token_pack" },
      payment_intent_data: { metadata: { tenantId: "tnt_01" } },
      ...changes,
    });
  const read = (id: string) =>
    rig.stripe.checkout.sessions.retrieve(id, {
      expand: ["payment_intent.latest_charge.refunds"],
    });
  const control = (path: string, body: object = {}) => rig.control("POST", path, body);

  /** A session that was paid by card, with its payment. */
  async function paid() {
    const { id } = await open();
    await control(`/checkout/${id}/complete`, { card: "4242424242424242" });
    const session = await read(id);
    const intent = session.payment_intent as Stripe.PaymentIntent;
    return { id, session, intent, charge: intent.latest_charge as Stripe.Charge };
  }

  it("complete with a payment intent, a charge, and no subscription or invoice", async () => {
    const { session, intent, charge } = await paid();
    expect(session).to.deep.include({
      mode: "payment",
      status: "complete",
      payment_status: "paid",
      amount_total: 2_000,
      subscription: null,
      invoice: null,
      metadata: { kind: "token_pack" },
    });
    expect(intent).to.deep.include({ status: "succeeded", metadata: { tenantId: "tnt_01" } });
    expect(charge).to.deep.include({ amount: 2_000, paid: true, disputed: false });
    expect(charge.refunds?.data).to.deep.equal([]);
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.include.members([
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
    ]);
  });

  it("take their prices from one-time ones only, and subscriptions from the others", async () => {
    const monthly = await rig.stripe.prices.create({
      product: (await rig.stripe.prices.retrieve(price)).product as string,
      currency: "eur",
      unit_amount: 1,
      recurring: { interval: "month" },
    });
    const refused = await refusal(open({ line_items: [{ price: monthly.id, quantity: 1 }] }));
    expect(refused).to.include({ statusCode: 400, param: "line_items[0][price]" });
  });

  it("are found by their payment intent", async () => {
    const { id, intent } = await paid();
    await open();
    const found = await rig.stripe.checkout.sessions.list({ payment_intent: intent.id });
    expect(found.data.map((session) => session.id)).to.deep.equal([id]);
  });

  for (const [method, status, type] of [
    ["bank_debit", "paid", "checkout.session.async_payment_succeeded"],
    ["bank_debit_fails", "unpaid", "checkout.session.async_payment_failed"],
  ] as const) {
    it(`by ${method} complete unpaid, and end three days later as ${status}`, async () => {
      const { id } = await open();
      await control(`/checkout/${id}/complete`, { method });
      expect(await read(id)).to.include({ status: "complete", payment_status: "unpaid" });
      await rig.sandbox.settled();
      expect(rig.receiver.types()).to.include("checkout.session.completed").and.not.include(type);
      await rig.advance({ advanceDays: 3 });
      await rig.sandbox.settled();
      expect(await read(id)).to.include({ payment_status: status });
      expect(rig.receiver.types()).to.include(type);
    });
  }

  it("are refunded in parts, up to what was paid", async () => {
    const { id, intent, charge } = await paid();
    const first = await rig.stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
    expect(first).to.deep.include({ amount: 500, status: "succeeded", charge: charge.id });
    const excess = refusal(rig.stripe.refunds.create({ charge: charge.id, amount: 1_501 }));
    expect(await excess).to.include({ statusCode: 400, param: "amount" });
    await rig.stripe.refunds.create({ charge: charge.id });
    const again = await refusal(rig.stripe.refunds.create({ charge: charge.id }));
    expect(again).to.include({ statusCode: 400, code: "charge_already_refunded" });
    const refunds = await rig.stripe.refunds.list({ payment_intent: intent.id });
    expect(refunds.data.map(({ amount }) => amount)).to.deep.equal([1_500, 500]);
    const { latest_charge: now } = (await read(id)).payment_intent as Stripe.PaymentIntent;
    expect(now).to.deep.include({ amount_refunded: 2_000, refunded: true });
    expect((now as Stripe.Charge).refunds?.data).to.have.length(2);
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.include.members(["refund.created", "charge.refunded"]);
  });

  it("get the money of a refund back that fails", async () => {
    const { charge } = await paid();
    const { id } = await rig.stripe.refunds.create({ charge: charge.id });
    expect((await control(`/refunds/${id}/fail`)).status).to.equal(200);
    expect(await rig.stripe.refunds.retrieve(id)).to.include({ status: "failed" });
    expect(await rig.stripe.charges.retrieve(charge.id)).to.include({ amount_refunded: 0 });
    expect((await control(`/refunds/${id}/fail`)).status).to.equal(400);
    expect((await control("/refunds/re_none/fail")).status).to.equal(404);
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.include.members(["refund.updated", "refund.failed"]);
  });

  it("are disputed, and decided", async () => {
    const { id, charge } = await paid();
    const opened = await control(`/checkout/${id}/dispute`, { amount: 1_000 });
    expect(opened.body).to.deep.include({ status: "needs_response", amount: 1_000 });
    const disputes = await rig.stripe.disputes.list({ charge: charge.id });
    const dispute = disputes.data[0]?.id ?? "";
    expect(await rig.stripe.charges.retrieve(charge.id)).to.include({ disputed: true });
    expect((await control(`/checkout/${id}/dispute`)).status).to.equal(400);
    expect((await control(`/disputes/${dispute}/close`, { status: "odd" })).status).to.equal(400);
    await control(`/disputes/${dispute}/close`, { status: "won" });
    expect(await rig.stripe.disputes.retrieve(dispute)).to.include({ status: "won" });
    expect((await control(`/disputes/${dispute}/close`, { status: "lost" })).status).to.equal(400);
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.include.members([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "charge.dispute.closed",
      "charge.dispute.funds_reinstated",
    ]);
  });

  it("are inquired about without a withdrawal", async () => {
    const { id } = await paid();
    const { body } = await control(`/checkout/${id}/dispute`, { inquiry: true });
    expect(body).to.include({ status: "warning_needs_response" });
    await rig.sandbox.settled();
    expect(rig.receiver.types()).not.to.include("charge.dispute.funds_withdrawn");
  });
});
