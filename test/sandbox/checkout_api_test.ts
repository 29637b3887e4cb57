import { expect } from "chai";
import type { Stripe } from "stripe";
import { openCheckout, refusal, START, seed, startRig, stopRigs, subscribe } from "./rig.ts";

const NOW = Date.parse(START) / 1000;

describe("sandbox Checkout Sessions", () => {
  afterEach(stopRigs);

  it("open with the total, the customer's e-mail and a page", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const session = await openCheckout(rig, catalog, { client_reference_id: "tnt_01" });
    expect(session).to.deep.include({
      status: "open",
      payment_status: "unpaid",
      mode: "subscription",
      customer: catalog.customer.id,
      client_reference_id: "tnt_01",
      amount_total: 4900,
      currency: "usd",
      created: NOW,
      expires_at: NOW + 86_400,
      subscription: null,
      metadata: { tenantId: "tnt_01" },
    });
    expect(session.customer_details?.email).to.equal("owner@example.com");
    expect(session.url).to.equal(`${rig.sandbox.url}/c/pay/${session.id}`);
    const items = await rig.stripe.checkout.sessions.listLineItems(session.id);
    expect(items.data[0]).to.deep.include({ amount_total: 4900, quantity: 1, description: "Pro" });
  });

  it("complete into an active subscription in flexible billing mode", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const session = await openCheckout(rig, catalog);
    await rig.control("POST", `/checkout/${session.id}/complete`, { card: "4242424242424242" });
    const done = await rig.stripe.checkout.sessions.retrieve(session.id, {
      expand: ["subscription", "line_items"],
    });
    const subscription = done.subscription as Stripe.Subscription;
    expect(done).to.include({ status: "complete", payment_status: "paid", url: null });
    expect(done.line_items?.data[0]?.price?.id).to.equal(catalog.price.id);
    expect(subscription).to.deep.include({
      status: "active",
      customer: catalog.customer.id,
      metadata: { tenantId: "tnt_01" },
      cancel_at_period_end: false,
    });
    expect(subscription.billing_mode.type).to.equal("flexible");
    expect(subscription.items.data[0]).to.include({
      current_period_start: NOW,
      current_period_end: Date.parse("2026-02-28T10:00:00Z") / 1000,
      quantity: 1,
    });
  });

  it("create a customer where none was given", async () => {
    const rig = await startRig();
    const { price } = await seed(rig);
    const session = await rig.stripe.checkout.sessions.create({
      mode: "subscription",
      customer_email: "new@example.com",
      line_items: [{ price: price.id }],
      success_url: "https://app.example.com/done",
    });
    expect(session.customer).to.equal(null);
    const { body } = await rig.control("POST", `/checkout/${session.id}/complete`);
    const customer = await rig.stripe.customers.retrieve(String(body.customer));
    expect(customer).to.include({ email: "new@example.com" });
  });

  it("let one customer subscribe twice, as Stripe does", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    await subscribe(rig, catalog);
    await subscribe(rig, catalog);
    const { customer } = catalog;
    const found = await rig.stripe.subscriptions.list({ customer: customer.id, status: "active" });
    expect(found.data).to.have.length(2);
  });

  it("bill nothing for a free price", async () => {
    const rig = await startRig();
    const subscription = await subscribe(rig, await seed(rig, { unit_amount: 0 }));
    const sessions = await rig.stripe.checkout.sessions.list({ subscription: subscription.id });
    expect(sessions.data[0]?.payment_status).to.equal("no_payment_required");
    const { data } = await rig.stripe.invoices.list({ expand: ["data.payments"] });
    expect(data[0]).to.include({ status: "paid", total: 0 });
    expect(data[0]?.payments?.data).to.deep.equal([]);
  });

  it("expire only while open", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const session = await openCheckout(rig, catalog);
    expect((await rig.stripe.checkout.sessions.expire(session.id)).status).to.equal("expired");
    const again = await refusal(rig.stripe.checkout.sessions.expire(session.id));
    expect(again).to.include({ statusCode: 400, rawType: "invalid_request_error" });
    const complete = await rig.control("POST", `/checkout/${session.id}/complete`);
    expect(complete.status).to.equal(400);
    const { customer } = catalog;
    const open = await rig.stripe.checkout.sessions.list({ customer: customer.id, status: "open" });
    expect(open.data).to.deep.equal([]);
  });

  it("refuse the combinations that Stripe refuses", async () => {
    const rig = await startRig();
    const { customer, price, product } = await seed(rig);
    const once = await rig.stripe.prices.create({
      product: product.id,
      currency: "usd",
      unit_amount: 1,
    });
    const inactive = await rig.stripe.prices.create({
      product: product.id,
      currency: "usd",
      unit_amount: 1,
      recurring: { interval: "month" },
      active: false,
    });
    const line = (id: string) => ({ line_items: [{ price: id, quantity: 1 }] });
    const cases: [string, Partial<Stripe.Checkout.SessionCreateParams>][] = [
      ["subscription_data", { mode: "setup" }],
      ["subscription_data", { mode: "payment" }],
      ["ui_mode", { ui_mode: "hosted" }],
      ["customer", { customer_email: "a@example.com" }],
      ["customer_creation", { customer_creation: "always" }],
      ["expires_at", { expires_at: NOW + 60 }],
      ["expires_at", { expires_at: NOW + 2 * 86_400 }],
      ["success_url", { success_url: "app.example.com" }],
      ["success_url", { success_url: "javascript:alert(1)" }],
      ["line_items[0][price]", line("price_none")],
      ["line_items", line(once.id)],
      ["line_items[0][price]", line(inactive.id)],
      ["customer", { automatic_tax: { enabled: true } }],
      ["tax_id_collection", { tax_id_collection: { enabled: true } }],
      ["customer", { customer: "cus_none" }],
    ];
    for (const [param, params] of cases) {
      const refused = await refusal(openCheckout(rig, { customer, price }, params));
      expect(refused, JSON.stringify(params)).to.include({ statusCode: 400, param });
    }
    const taxed = await openCheckout(
      rig,
      { customer, price },
      {
        automatic_tax: { enabled: true },
        tax_id_collection: { enabled: true },
        customer_update: { address: "auto", name: "auto" },
      },
    );
    expect(taxed.automatic_tax).to.include({ enabled: true, status: "requires_location_inputs" });
  });

  it("decline over the control API what the page declines", async () => {
    const rig = await startRig();
    const session = await openCheckout(rig, await seed(rig));
    const path = `/checkout/${session.id}/complete`;
    const declined = await rig.control("POST", path, { card: "4000000000000002" });
    expect(declined.status).to.equal(402);
    expect((await rig.control("POST", path, { card: "1" })).status).to.equal(400);
    expect((await rig.control("POST", path, { cards: "1" })).status).to.equal(400);
    expect((await rig.control("POST", "/checkout/cs_none/complete")).status).to.equal(404);
    expect((await rig.stripe.subscriptions.list()).data).to.deep.equal([]);
  });
});
