import { expect } from "chai";
import type { Stripe } from "stripe";
import { visit } from "./browser.ts";
import { eventsOf } from "./plans.ts";
import { openCheckout, type Rig, refusal, seed, startRig, stopRigs } from "./rig.ts";
import { subscriber } from "./subscriptions/subscriber.ts";

type Params = Partial<Stripe.Checkout.SessionCreateParams>;

const DONE = "https://app.example.com/done";

async function complete(rig: Rig, id: string, payer: object = {}) {
  const { status, body } = await rig.control("POST", `/checkout/${id}/complete`, payer);
  expect(status, JSON.stringify(body)).to.equal(200);
  await rig.sandbox.settled();
  return rig.stripe.checkout.sessions.retrieve(id);
}

// docs.stripe.com/api/checkout/sessions/create; stripe-node Checkout.SessionCreateParams.
describe("sandbox Checkout: who pays", () => {
  afterEach(stopRigs);

  it("gives the e-mail, the name and the address to a new customer", async () => {
    const rig = await startRig();
    const { price } = await seed(rig);
    const { id } = await open(rig, { line_items: [{ price: price.id, quantity: 1 }] });
    const payer = { email: "amy@example.com", name: "Amy", country: "DE" };
    const session = await complete(rig, id, payer);
    const customer = await rig.stripe.customers.retrieve(String(session.customer));
    expect(customer).to.include({ email: "amy@example.com", name: "Amy" });
    expect(customer).to.have.nested.property("address.country", "DE");
    expect(session.customer_details).to.include({ email: "amy@example.com", name: "Amy" });
  });

  it("sets the e-mail on a customer that has none, and the rest where that is asked for", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const { price } = await seed(rig);
    const typed = { email: "amy@example.com", name: "Amy", country: "DE" };
    const bought = async (params: Params) => {
      const customer = await stripe.customers.create({ name: "Tenant" });
      const { id } = await openCheckout(rig, { customer, price }, params);
      await complete(rig, id, typed);
      return (await stripe.customers.retrieve(customer.id)) as Stripe.Customer;
    };
    const kept = await bought({});
    expect(kept).to.include({ email: "amy@example.com", name: "Tenant", address: null });
    const saved = await bought({ customer_update: { address: "auto", name: "auto" } });
    expect(saved).to.include({ email: "amy@example.com", name: "Amy" });
    expect(saved.address?.country).to.equal("DE");
    const owner = await stripe.customers.create({ email: "own@example.com" });
    const { id } = await openCheckout(rig, { customer: owner, price });
    await complete(rig, id, typed);
    expect(await stripe.customers.retrieve(owner.id)).to.include({ email: "own@example.com" });
  });

  it("leaves a guest a guest, unless a customer is asked for or needed", async () => {
    const rig = await startRig();
    const line_items = [{ price: (await once(rig)).id, quantity: 1 }];
    const bought = async (params: Params) => {
      const { id } = await open(rig, { mode: "payment", line_items, ...params });
      return (await complete(rig, id)).customer;
    };
    expect(await bought({})).to.equal(null);
    expect(await bought({ customer_creation: "always" })).to.match(/^cus_/);
    expect(await bought({ invoice_creation: { enabled: true } })).to.match(/^cus_/);
  });
});

describe("sandbox Checkout: what is sold", () => {
  afterEach(stopRigs);

  it("bills several items, one-time ones on the first invoice only", async () => {
    const rig = await startRig();
    const { customer, price, product } = await seed(rig);
    const seats = await monthly(rig, product.id, 500);
    const setup = await once(rig);
    const session = await openCheckout(
      rig,
      { customer, price },
      {
        line_items: [
          { price: price.id, quantity: 1 },
          { price: seats.id, quantity: 3, adjustable_quantity: { enabled: true, minimum: 1 } },
          { price: setup.id, quantity: 1 },
        ],
      },
    );
    expect(session.amount_total).to.equal(4900 + 1500 + 2000);
    const { data } = await rig.stripe.checkout.sessions.listLineItems(session.id);
    expect(data.map(({ amount_total: total }) => total)).to.deep.equal([4900, 1500, 2000]);
    const { subscription, invoice } = await complete(rig, session.id);
    const items = (await rig.stripe.subscriptions.retrieve(String(subscription))).items.data;
    expect(items.map(({ quantity }) => quantity)).to.deep.equal([1, 3]);
    expect((await rig.stripe.invoices.retrieve(String(invoice))).total).to.equal(8400);
  });

  /** stripe-node, `SessionCreateParams.LineItem.quantity`. */
  it("charges nothing yet for what is billed by use, which has no quantity", async () => {
    const s = await subscriber();
    const sold = (quantity?: number) =>
      s.stripe.checkout.sessions.create({
        mode: "subscription",
        customer: s.owner,
        line_items: [
          { price: s.price.id, quantity: 1 },
          { price: s.metered.id, ...(quantity !== undefined && { quantity }) },
        ],
        success_url: "https://shop.example.com/done",
        expand: ["line_items"],
      });
    const session = await sold();
    expect(session.amount_total).to.equal(4900);
    const lines = session.line_items?.data.map((item) => ({
      amount: item.amount_total,
      quantity: item.quantity,
    }));
    expect(lines).to.deep.equal([
      { amount: 4900, quantity: 1 },
      { amount: 0, quantity: null },
    ]);
    expect(await refusal(sold(2))).to.include({ param: "line_items[1][quantity]" });
  });

  it("takes prices that are described in the request", async () => {
    const rig = await startRig();
    const { id, amount_total: total } = await open(rig, {
      mode: "payment",
      line_items: [
        { price_data: { currency: "eur", unit_amount: 700, product_data: { name: "Fee" } } },
      ],
    });
    expect(total).to.equal(700);
    const { data } = await rig.stripe.checkout.sessions.listLineItems(id);
    expect(data[0]).to.include({ description: "Fee", currency: "eur" });
    expect(data[0]?.price).to.include({ active: false });
  });

  it("redeems a coupon and shows what it takes off", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const catalog = await seed(rig);
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: "once" });
    const session = await openCheckout(rig, catalog, { discounts: [{ coupon: coupon.id }] });
    expect(session).to.include({ amount_subtotal: 4900, amount_total: 2450 });
    expect(session.total_details?.amount_discount).to.equal(2450);
    expect(session.discounts).to.deep.equal([{ coupon: coupon.id, promotion_code: null }]);
    const { invoice, amount_total: paid } = await complete(rig, session.id);
    expect(paid).to.equal(2450);
    expect((await stripe.invoices.retrieve(String(invoice))).amount_paid).to.equal(2450);
    expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).to.equal(1);
    const both = openCheckout(rig, catalog, {
      discounts: [{ coupon: coupon.id }],
      allow_promotion_codes: true,
    });
    expect((await refusal(both)).statusCode).to.equal(400);
    const none = openCheckout(rig, catalog, { discounts: [{ coupon: "none" }] });
    expect((await refusal(none)).statusCode).to.equal(400);
  });

  it("adds tax where the buyer lives", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const { price } = await seed(rig);
    const customer = await stripe.customers.create({ email: "a@example.com" });
    const session = await openCheckout(
      rig,
      { customer, price },
      { automatic_tax: { enabled: true }, customer_update: { address: "auto" } },
    );
    expect(session.automatic_tax.status).to.equal("requires_location_inputs");
    const paid = await complete(rig, session.id, { country: "DE" });
    expect(paid).to.include({ amount_subtotal: 4900, amount_total: 5831 });
    expect(paid.total_details?.amount_tax).to.equal(931);
    expect((await stripe.invoices.retrieve(String(paid.invoice))).total).to.equal(5831);
    const known = await openCheckout(
      rig,
      { customer, price },
      { automatic_tax: { enabled: true } },
    );
    expect(known).to.include({ amount_total: 5831 });
    expect(known.automatic_tax.status).to.equal("complete");
  });

  it("writes an invoice for a one-time payment where that is asked for", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const { customer } = await seed(rig);
    const { id } = await open(rig, {
      mode: "payment",
      customer: customer.id,
      line_items: [{ price: (await once(rig)).id, quantity: 2 }],
      invoice_creation: { enabled: true, invoice_data: { metadata: { pack: "small" } } },
      payment_intent_data: { metadata: { pack: "small" } },
    });
    let session: Stripe.Checkout.Session | undefined;
    const events = await eventsOf(rig, async () => {
      session = await complete(rig, id);
    });
    expect(events).to.include.members(["invoice.created", "invoice.finalized", "invoice.paid"]);
    expect(events.at(-1)).to.equal("checkout.session.completed");
    const invoice = await stripe.invoices.retrieve(String(session?.invoice), {
      expand: ["payments"],
    });
    expect(invoice).to.deep.include({
      status: "paid",
      total: 4000,
      billing_reason: "manual",
      metadata: { pack: "small" },
    });
    expect(invoice.payments?.data[0]?.payment.payment_intent).to.equal(session?.payment_intent);
    const intent = await stripe.paymentIntents.retrieve(String(session?.payment_intent));
    expect(intent.metadata).to.deep.equal({ pack: "small" });
  });

  it("saves a card in setup mode", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const customer = await stripe.customers.create({ email: "a@example.com" });
    const { id, ...session } = await open(rig, {
      mode: "setup",
      currency: "usd",
      customer: customer.id,
      setup_intent_data: { metadata: { why: "later" } },
    });
    expect(session).to.include({ amount_total: null, payment_status: "no_payment_required" });
    const events = await eventsOf(rig, () => complete(rig, id));
    expect(events).to.deep.equal([
      "payment_method.attached",
      "setup_intent.succeeded",
      "checkout.session.completed",
    ]);
    const intent = await stripe.setupIntents.retrieve(String(session.setup_intent));
    expect(intent).to.deep.include({ status: "succeeded", metadata: { why: "later" } });
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).to.have.length(1);
    const vague = open(rig, { mode: "setup", customer: customer.id });
    expect((await refusal(vague)).param).to.equal("currency");
  });

  it("begins later, by an anchor or the end of a trial", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const start = Date.parse("2026-01-31T10:00:00Z") / 1000;
    const anchored = await openCheckout(rig, catalog, {
      subscription_data: { billing_cycle_anchor: start + 14 * 86_400 },
    });
    expect(anchored.amount_total).to.be.below(4900).and.above(0);
    const { subscription } = await complete(rig, anchored.id);
    const began = await rig.stripe.subscriptions.retrieve(String(subscription));
    expect(began.items.data[0]?.current_period_end).to.equal(start + 14 * 86_400);
    const trial = await openCheckout(rig, catalog, {
      payment_method_collection: "if_required",
      subscription_data: {
        trial_end: start + 10 * 86_400,
        trial_settings: { end_behavior: { missing_payment_method: "cancel" } },
      },
    });
    expect(trial.amount_total).to.equal(0);
    const { subscription: second } = await complete(rig, trial.id);
    const onTrial = await rig.stripe.subscriptions.retrieve(String(second));
    expect(onTrial).to.include({ status: "trialing", trial_end: start + 10 * 86_400 });
    expect(onTrial.trial_settings?.end_behavior.missing_payment_method).to.equal("cancel");
  });
});

describe("sandbox Checkout: sessions", () => {
  afterEach(stopRigs);

  it("can be recovered after they expired, where that was asked for", async () => {
    const rig = await startRig();
    const session = await openCheckout(rig, await seed(rig), {
      after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } },
    });
    expect(session.after_expiration?.recovery).to.include({ enabled: true, url: null });
    const expired = await rig.stripe.checkout.sessions.expire(session.id);
    const url = String(expired.after_expiration?.recovery?.url);
    const { location } = await visit(url);
    const again = await rig.stripe.checkout.sessions.retrieve(
      String(location).split("/").at(-1) ?? "",
    );
    expect(again).to.include({ status: "open", recovered_from: session.id, amount_total: 4900 });
    expect(again.allow_promotion_codes).to.equal(true);
    const plain = await openCheckout(rig, await seed(rig));
    await rig.stripe.checkout.sessions.expire(plain.id);
    expect((await visit(`${plain.url}/recover`)).status).to.equal(410);
  });

  it("keep what was consented to, and are found by e-mail", async () => {
    const rig = await startRig();
    const session = await openCheckout(rig, await seed(rig), {
      consent_collection: { terms_of_service: "required" },
    });
    const { consent } = await complete(rig, session.id);
    expect(consent?.terms_of_service).to.equal("accepted");
    const found = await rig.stripe.checkout.sessions.list({
      customer_details: { email: "owner@example.com" },
    });
    expect(found.data.map(({ id }) => id)).to.deep.equal([session.id]);
  });
});

function open({ stripe }: Rig, params: Params): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({ mode: "subscription", success_url: DONE, ...params });
}

async function once({ stripe }: Rig): Promise<Stripe.Price> {
  const { id } = await stripe.products.create({ name: "Set-up" });
  return stripe.prices.create({ product: id, currency: "usd", unit_amount: 2000 });
}

function monthly({ stripe }: Rig, product: string, unit_amount: number): Promise<Stripe.Price> {
  return stripe.prices.create({
    product,
    currency: "usd",
    unit_amount,
    recurring: { interval: "month" },
  });
}
