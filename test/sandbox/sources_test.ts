import { expect } from "chai";
import type { Stripe } from "stripe";
import { type Rig, refusal, seed, startRig, stopRigs } from "./rig.ts";

/** docs.stripe.com/api/cards, docs.stripe.com/api/customers/create (`source`). */
describe("sources of customers in the sandbox", () => {
  let rig: Rig;

  beforeEach(async () => {
    rig = await startRig();
  });
  afterEach(stopRigs);

  const customer = (source = "tok_visa") => rig.stripe.customers.create({ source });
  const defaultOf = async ({ id }: { id: string }) => {
    const found = await rig.stripe.customers.retrieve(id);
    return found.deleted === true ? undefined : found.default_source;
  };

  it("come with a new customer, whose default they are, with their events", async () => {
    const { id } = await customer();
    const [source] = (await rig.stripe.customers.listSources(id)).data;
    expect(source).to.include({ object: "card", brand: "Visa", last4: "4242", customer: id });
    expect(await defaultOf({ id })).to.equal(source?.id);
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal([
      "customer.created",
      "customer.source.created",
      "customer.updated",
    ]);
    const shown = await rig.stripe.customers.retrieve(id, {
      expand: ["default_source", "sources"],
    });
    expect(shown).to.have.nested.property("default_source.object", "card");
    expect(shown).to.have.nested.property("sources.data[0].last4", "4242");
  });

  it("pay for a subscription where there is no payment method", async () => {
    const { price } = await seed(rig);
    const { id } = await customer();
    const made = await rig.stripe.subscriptions.create({
      customer: id,
      items: [{ price: price.id }],
      expand: ["latest_invoice"],
    });
    expect(made.status).to.equal("active");
    expect(made.latest_invoice).to.include({ status: "paid" });
    await rig.advance({ advanceDays: 32 });
    const invoices = await rig.stripe.invoices.list({ subscription: made.id });
    expect(invoices.data.map(({ status }) => status)).to.deep.equal(["paid", "paid"]);
  });

  it("are added beside the default, changed, and followed by the latest when they go", async () => {
    const { id } = await customer();
    const first = String(await defaultOf({ id }));
    const added = await rig.stripe.customers.createSource(id, {
      source: "tok_mastercard",
      metadata: { kept: "yes" },
    });
    expect(added).to.deep.include({ brand: "MasterCard", metadata: { kept: "yes" } });
    expect(await defaultOf({ id })).to.equal(first);
    const changed = await rig.stripe.customers.updateSource(id, added.id, {
      name: "Jo",
      exp_year: "2031",
    });
    expect(changed).to.include({ name: "Jo", exp_year: 2031 });
    const method = await rig.stripe.paymentMethods.retrieve(added.id);
    expect(method.card?.exp_year).to.equal(2031);
    expect(await rig.stripe.customers.deleteSource(id, first)).to.deep.include({ deleted: true });
    expect(await defaultOf({ id })).to.equal(added.id);
    expect(await rig.stripe.customers.retrieveSource(id, added.id)).to.include({ name: "Jo" });
    const gone = await refusal(rig.stripe.customers.retrieveSource(id, first));
    expect(gone).to.include({ statusCode: 404, code: "resource_missing" });
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.include.members([
      "customer.source.updated",
      "customer.source.deleted",
    ]);
  });

  it("become the default where a change of the customer brings them", async () => {
    const { id } = await customer();
    const before = await defaultOf({ id });
    const { default_source: now } = await rig.stripe.customers.update(id, { source: "tok_amex" });
    expect(now)
      .to.match(/^card_/)
      .and.not.to.equal(before);
  });

  it("are refused where there is no such token, or the card is declined", async () => {
    const unknown = await refusal(customer("tok_none"));
    expect(unknown).to.include({ code: "resource_missing", param: "source" });
    const declined = await refusal(customer("tok_chargeDeclined"));
    expect(declined).to.include({ statusCode: 402, code: "card_declined" });
  });
});

/** stripe-node: `PaymentIntentCreateParams.shipping`, `SessionCreateParams.PaymentIntentData`. */
describe("what a payment says beside its amount in the sandbox", () => {
  afterEach(stopRigs);

  const shipping = { name: "Jo", address: { line1: "Am Ufer 1", country: "DE" } };

  it("is where its goods go, on the intent and its charge", async () => {
    const { stripe } = await startRig();
    const intent = await stripe.paymentIntents.create({
      amount: 900,
      currency: "eur",
      shipping,
      payment_method: "pm_card_visa",
      confirm: true,
      expand: ["latest_charge"],
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    });
    expect(intent.shipping).to.deep.include({ name: "Jo" });
    expect((intent.latest_charge as Stripe.Charge).shipping?.address?.line1).to.equal("Am Ufer 1");
    const moved = await stripe.paymentIntents.update(intent.id, {
      shipping: { ...shipping, name: "Ida" },
    });
    expect(moved.shipping).to.deep.include({ name: "Ida" });
  });

  /**
   * docs.stripe.com/payments/checkout/save-and-reuse: a one-time payment's method is not kept
   * unless `setup_future_usage` asks for it.
   */
  for (const usage of [undefined, "off_session"] as const) {
    it(`is whether a Checkout keeps its card: ${usage ?? "not"}`, async () => {
      const rig = await startRig();
      const { customer, product } = await seed(rig);
      const price = await rig.stripe.prices.create({
        product: product.id,
        currency: "usd",
        unit_amount: 900,
      });
      const session = await rig.stripe.checkout.sessions.create({
        mode: "payment",
        customer: customer.id,
        success_url: "https://app.example.com/",
        line_items: [{ price: price.id, quantity: 1 }],
        payment_intent_data: { shipping, ...(usage && { setup_future_usage: usage }) },
      });
      await rig.control("POST", `/checkout/${session.id}/complete`);
      const paid = await rig.stripe.checkout.sessions.retrieve(session.id, {
        expand: ["payment_intent"],
      });
      const intent = paid.payment_intent as Stripe.PaymentIntent;
      expect(intent.shipping).to.deep.include({ name: "Jo" });
      expect(intent.setup_future_usage).to.equal(usage ?? null);
      const kept = await rig.stripe.paymentMethods.list({ customer: customer.id });
      expect(kept.data).to.have.length(usage === undefined ? 0 : 1);
      await rig.sandbox.settled();
      const told = rig.receiver.types().includes("payment_method.attached");
      expect(told).to.equal(usage !== undefined);
    });
  }
});
