import { expect } from "chai";
import type { Stripe } from "stripe";
import { submit, visit } from "./browser.ts";
import { openCheckout, type Rig, seed, startRig, stopRigs } from "./rig.ts";

type Params = Partial<Stripe.Checkout.SessionCreateParams>;

// docs.stripe.com/payments/checkout: promotion codes, tax ids, adjustable quantities, setup mode.
describe("the order on the sandbox's Checkout page", () => {
  afterEach(stopRigs);

  it("takes a promotion code and gives it back", async () => {
    const { rig, url } = await opened({ allow_promotion_codes: true });
    const { stripe } = rig;
    const { id: coupon } = await stripe.coupons.create({ percent_off: 20, duration: "once" });
    await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon }, code: "SPRING" });
    const wrong = await send(url, "promotion", { code: "AUTUMN" });
    expect(wrong.status).to.equal(400);
    expect(wrong.text).to.contain("This code is invalid.");
    expect((await send(url, "promotion", { code: "spring" })).status).to.equal(303);
    const redeemed = await visit(url);
    expect(redeemed.text).to.contain("SPRING").and.to.contain("-$9.80").and.to.contain("$39.20");
    await send(url, "no_promotion");
    expect((await visit(url)).text)
      .to.contain("$49.00")
      .and.to.not.contain("SPRING");
    await send(url, "promotion", { code: "SPRING" });
    const paid = await payment(url);
    expect(paid.status).to.equal(303);
    const [session] = (await stripe.checkout.sessions.list()).data;
    expect(session).to.include({ status: "complete", amount_total: 3920 });
    expect(session?.total_details?.amount_discount).to.equal(980);
  });

  it("adds tax once it knows the address, and takes none from a business abroad", async () => {
    const { rig, url } = await opened({
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true },
      customer_update: { address: "auto", name: "auto" },
    });
    const early = await payment(url);
    expect(early.status).to.equal(400);
    expect(early.text).to.contain("billing address first");
    await send(url, "buyer", { country: "de", city: "Berlin", tax_id: "" });
    expect((await visit(url)).text)
      .to.contain("VAT $9.31")
      .and.to.contain("$58.31");
    const bad = await send(url, "buyer", { country: "DE", tax_id_type: "eu_vat", tax_id: "DE1" });
    expect(bad.text).to.contain("not a valid EU VAT number. One looks like DE123456789");
    await send(url, "buyer", { country: "DE", tax_id_type: "eu_vat", tax_id: "DE123456789" });
    expect((await visit(url)).text)
      .to.contain("$49.00")
      .and.to.not.contain("$58.31");
    expect((await payment(url)).status).to.equal(303);
    const [session] = (await rig.stripe.checkout.sessions.list()).data;
    expect(session?.customer_details?.tax_ids).to.deep.equal([
      { type: "eu_vat", value: "DE123456789" },
    ]);
    const owner = await rig.stripe.customers.retrieve(String(session?.customer));
    expect(owner).to.have.nested.property("address.country", "DE");
    expect((await rig.stripe.customers.listTaxIds(String(session?.customer))).data).to.have.length(
      1,
    );
  });

  it("changes a quantity within its bounds", async () => {
    const { rig, url } = await opened({}, { adjustable_quantity: { enabled: true, maximum: 5 } });
    const [session] = (await rig.stripe.checkout.sessions.list()).data;
    const { data } = await rig.stripe.checkout.sessions.listLineItems(String(session?.id));
    const item = String(data[0]?.id);
    expect((await send(url, "quantity", { item, quantity: "6" })).text).to.contain("from 0 to 5");
    await send(url, "quantity", { item, quantity: "3" });
    expect((await visit(url)).text)
      .to.contain("3 × Pro")
      .and.to.contain("$147.00");
    await payment(url);
    const [subscription] = (await rig.stripe.subscriptions.list()).data;
    expect(subscription?.items.data[0]?.quantity).to.equal(3);
  });

  it("asks for no card where none is needed, and for consent where it is", async () => {
    const { rig, url } = await opened({
      payment_method_collection: "if_required",
      subscription_data: { trial_period_days: 14 },
      consent_collection: { terms_of_service: "required" },
    });
    const page = await visit(url);
    expect(page.markup).to.not.contain('name="card"');
    const form = page.forms.length - 1;
    const refused = await submit(url, page, { terms: "" }, { form });
    expect(refused.text).to.contain("Agree to the terms of service");
    expect((await submit(url, page, { terms: "yes" }, { form })).status).to.equal(303);
    const [subscription] = (await rig.stripe.subscriptions.list()).data;
    expect(subscription).to.include({ status: "trialing", default_payment_method: null });
  });

  it("saves a card without a charge", async () => {
    const rig = await startRig();
    const { url } = await rig.stripe.checkout.sessions.create({
      mode: "setup",
      currency: "usd",
      success_url: "https://app.example.com/saved",
    });
    const page = await visit(String(url));
    expect(page.text).to.contain("Save a payment method").and.to.contain("Nothing is charged now");
    const saved = await submit(String(url), page, { email: "a@example.com" });
    expect(saved.location).to.equal("https://app.example.com/saved");
    expect((await rig.stripe.setupIntents.list()).data[0]?.status).to.equal("succeeded");
    expect((await rig.stripe.charges.search({ query: "amount>0" })).data).to.deep.equal([]);
  });
});

async function opened(params: Params, item: object = {}): Promise<{ rig: Rig; url: string }> {
  const rig = await startRig();
  const { customer, price } = await seed(rig);
  const line_items = [{ price: price.id, quantity: 1, ...item }];
  const { url } = await openCheckout(rig, { customer, price }, { line_items, ...params });
  return { rig, url: String(url) };
}

/** Sends one of the forms beside the card. */
function send(url: string, form: string, fields: Record<string, string> = {}) {
  return visit(`${url}/order`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ form, ...fields }).toString(),
  });
}

async function payment(url: string) {
  const page = await visit(url);
  return submit(url, page, {}, { form: page.forms.length - 1 });
}
