import { expect } from "chai";
import type { Stripe } from "stripe";
import { visit } from "./browser.ts";
import { refusal, stopRigs } from "./rig.ts";
import { latestOf, type Subscriber, subscriber } from "./subscriptions/subscriber.ts";

/** docs.stripe.com/products-prices/manage-prices, "Use multi-currency prices". */
describe("a price in several currencies in the sandbox", () => {
  let s: Subscriber;
  let plan: Stripe.Price;
  let dearer: Stripe.Price;

  async function price(usd: number, eur: number): Promise<Stripe.Price> {
    return await s.stripe.prices.create({
      product: s.product.id,
      currency: "usd",
      unit_amount: usd,
      currency_options: { eur: { unit_amount: eur } },
      recurring: { interval: "month" },
    });
  }

  beforeEach(async () => {
    s = await subscriber();
    plan = await price(1000, 900);
    dearer = await price(2000, 1900);
  });
  afterEach(stopRigs);

  it("is subscribed to in the currency that is asked for, and renews and changes in it", async () => {
    const made = await s.stripe.subscriptions.create({
      customer: s.owner,
      currency: "eur",
      items: [{ price: plan.id, quantity: 2 }],
    });
    expect(made.currency).to.equal("eur");
    expect(made.items.data[0]?.price).to.include({ currency: "usd", unit_amount: 1000 });
    const first = await latestOf(s, made);
    expect(first).to.include({ currency: "eur", total: 1800, status: "paid" });
    expect(first.lines.data[0]?.description).to.equal("2 × Pro (at €9.00 / month)");
    await s.stripe.subscriptions.update(made.id, {
      items: [{ id: made.items.data[0]?.id ?? "", price: dearer.id, quantity: 2 }],
      proration_behavior: "always_invoice",
    });
    expect(await latestOf(s, made)).to.include({ currency: "eur", total: 2000 });
    await s.rig.advance({ advanceDays: 32 });
    expect(await latestOf(s, made)).to.include({ currency: "eur", total: 3800 });
  });

  it("is sold by Checkout in the session's currency, on its page, too", async () => {
    const session = await s.stripe.checkout.sessions.create({
      mode: "subscription",
      customer: s.owner,
      currency: "eur",
      line_items: [{ price: plan.id, quantity: 1 }],
      success_url: "https://shop.example.com/done",
    });
    expect(session).to.include({ currency: "eur", amount_total: 900 });
    expect((await visit(String(session.url))).text).to.contain("Pay €9.00 and subscribe");
    const path = `/checkout/${session.id}/complete`;
    const { body } = await s.rig.control("POST", path, { card: "4242424242424242" });
    const made = await s.stripe.subscriptions.retrieve(String(body.subscription));
    expect(made.currency).to.equal("eur");
    expect(await latestOf(s, made)).to.include({ currency: "eur", total: 900 });
  });

  it("is offered by the Portal in the subscription's currency", async () => {
    await s.stripe.subscriptions.create({
      customer: s.owner,
      currency: "eur",
      items: [{ price: plan.id }],
    });
    await s.stripe.billingPortal.configurations.create({
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ["price"],
          proration_behavior: "always_invoice",
          products: [{ product: s.product.id, prices: [plan.id, dearer.id, s.business.id] }],
        },
      },
    });
    const { url } = await s.stripe.billingPortal.sessions.create({ customer: s.owner });
    const home = await visit(`${url}/home`);
    expect(home.text).to.contain("€9.00");
    const plans = await visit(new URL(home.links["Update plan"] ?? "", url).href);
    expect(plans.text).to.contain("€19.00 per month").and.to.not.contain("$");
  });

  it("is billed once, by an invoice item, in the customer's currency", async () => {
    const { id } = await s.stripe.prices.create({
      product: s.product.id,
      currency: "usd",
      unit_amount: 500,
      currency_options: { eur: { unit_amount: 450 } },
    });
    const item = await s.stripe.invoiceItems.create({
      customer: s.owner,
      currency: "eur",
      pricing: { price: id },
      quantity: 2,
    });
    expect(item).to.include({ currency: "eur", amount: 900 });
    const preview = await s.stripe.invoices.createPreview({
      customer: s.owner,
      currency: "eur",
      subscription_details: { items: [{ price: plan.id }] },
    });
    expect(preview).to.include({ currency: "eur", total: 900 + 900 });
  });

  it("is refused in a currency that it does not have", async () => {
    const call = s.stripe.subscriptions.create({
      customer: s.owner,
      currency: "gbp",
      items: [{ price: plan.id }],
    });
    expect(await refusal(call)).to.include({ param: "items[0][price]" });
    const session = s.stripe.checkout.sessions.create({
      mode: "subscription",
      currency: "gbp",
      line_items: [{ price: plan.id, quantity: 1 }],
      success_url: "https://shop.example.com/done",
    });
    expect(await refusal(session)).to.include({ param: "line_items" });
  });
});
