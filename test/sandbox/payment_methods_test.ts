import { expect } from "chai";
import { Stripe } from "stripe";
import { eventsOf } from "./plans.ts";
import { refusal, startRig, stopRigs } from "./rig.ts";

// docs.stripe.com/testing: the tokens and numbers; docs.stripe.com/api/payment_methods.
describe("sandbox payment methods", () => {
  afterEach(stopRigs);

  it("are made of numbers and tokens of the test mode", async () => {
    const { stripe } = await startRig();
    const typed = await stripe.paymentMethods.create({
      type: "card",
      card: { number: "5555 5555 5555 4444", exp_month: 8, exp_year: 2030, cvc: "314" },
      billing_details: { name: "Jo", email: "jo@example.com", address: { country: "DE" } },
      metadata: { order: "1" },
    });
    expect(typed).to.deep.include({ customer: null, type: "card", metadata: { order: "1" } });
    expect(typed.card).to.include({ brand: "mastercard", last4: "4444", exp_year: 2030 });
    expect(typed.billing_details).to.include({ name: "Jo", email: "jo@example.com", phone: null });
    expect(typed.billing_details.address).to.include({ country: "DE", city: null });
    const token = await stripe.paymentMethods.create({ type: "card", card: { token: "tok_amex" } });
    expect(token.card).to.include({ brand: "amex", last4: "0005" });
    const sepa = await stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban: "DE89 3704 0044 0532 0130 00" },
      billing_details: { name: "Jo", email: "jo@example.com" },
    });
    expect(sepa.sepa_debit).to.include({ country: "DE", last4: "3000", bank_code: "37040044" });
  });

  it("are refused where there is no such card", async () => {
    const { stripe } = await startRig();
    const create = (card: Stripe.PaymentMethodCreateParams.Card) =>
      refusal(stripe.paymentMethods.create({ type: "card", card }));
    const good = { exp_month: 12, exp_year: 2030 };
    expect(await create({ ...good, number: "4242424242424241" })).to.include({
      statusCode: 402,
      rawType: "card_error",
      code: "incorrect_number",
    });
    const past = await create({ ...good, exp_year: 2020, number: "4242424242424242" });
    expect(past.code).to.equal("invalid_expiry_year");
    expect((await create({ token: "tok_nothing" })).code).to.equal("resource_missing");
    expect((await create(good)).param).to.equal("card[number]");
    const none = await refusal(stripe.paymentMethods.create({ type: "card" }));
    expect(none).to.include({ code: "parameter_missing", param: "card" });
    const iban = stripe.paymentMethods.create({ type: "sepa_debit", sepa_debit: { iban: "x" } });
    expect((await refusal(iban)).code).to.equal("invalid_bank_account_iban");
  });

  it("are attached, updated, listed and detached, with an event for each", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const customer = await stripe.customers.create({ email: "a@example.com" });
    let id = "";
    const attached = await eventsOf(rig, async () => {
      ({ id } = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id }));
    });
    expect(attached).to.deep.equal(["payment_method.attached"]);
    expect(id).to.match(/^pm_\w{24}$/);
    const again = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    expect(again.id, "a token is another card each time").to.not.equal(id);
    await stripe.paymentMethods.attach("pm_sepaDebit_success", { customer: customer.id });
    const cards = await stripe.paymentMethods.list({ customer: customer.id, type: "card" });
    expect(cards.data.map((method) => method.id)).to.deep.equal([again.id, id]);
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).to.have.length(3);
    expect((await stripe.customers.retrievePaymentMethod(customer.id, id)).id).to.equal(id);
    const updated = await eventsOf(rig, () =>
      stripe.paymentMethods.update(id, { billing_details: { name: "Jo" }, card: { exp_month: 3 } }),
    );
    expect(updated).to.deep.equal(["payment_method.updated"]);
    expect((await stripe.paymentMethods.retrieve(id)).billing_details.name).to.equal("Jo");
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: id },
    });
    const detached = await eventsOf(rig, () => stripe.paymentMethods.detach(id));
    expect(detached).to.deep.equal(["customer.updated", "payment_method.detached"]);
    const after = await stripe.customers.retrieve(customer.id);
    expect(after).to.have.nested.property("invoice_settings.default_payment_method", null);
    expect((await stripe.paymentMethods.retrieve(id)).customer).to.equal(null);
    const twice = await refusal(stripe.paymentMethods.detach(id));
    expect(twice.message).to.contain("not attached");
  });

  it("are one customer's only, and not a declined card's", async () => {
    const { stripe } = await startRig();
    const [one, two] = [await stripe.customers.create({}), await stripe.customers.create({})];
    const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer: one.id });
    const taken = await refusal(stripe.paymentMethods.attach(id, { customer: two.id }));
    expect(taken.message).to.contain("already been attached");
    const declined = await refusal(
      stripe.paymentMethods.attach("pm_card_visa_chargeDeclinedInsufficientFunds", {
        customer: two.id,
      }),
    );
    expect(declined).to.be.instanceOf(Stripe.errors.StripeCardError);
    expect(declined).to.include({ code: "card_declined", decline_code: "insufficient_funds" });
    const expired = stripe.paymentMethods.attach("pm_card_chargeDeclinedExpiredCard", {
      customer: two.id,
    });
    expect((await refusal(expired)).code).to.equal("expired_card");
    const later = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
      customer: two.id,
    });
    expect(later.customer).to.equal(two.id);
    const nobody = await refusal(stripe.paymentMethods.attach(id, { customer: "cus_nobody" }));
    expect(nobody).to.include({ code: "resource_missing", param: "customer" });
  });

  it("come with a new customer and become its default", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    let customer: Stripe.Customer | undefined;
    const events = await eventsOf(rig, async () => {
      customer = await stripe.customers.create({
        payment_method: "pm_card_mastercard",
        invoice_settings: {
          default_payment_method: "pm_card_mastercard",
          custom_fields: [{ name: "PO", value: "7" }],
          footer: "Thank you",
        },
      });
    });
    expect(events).to.deep.equal(["customer.created", "payment_method.attached"]);
    const [method] = (await stripe.customers.listPaymentMethods(String(customer?.id))).data;
    expect(customer?.invoice_settings).to.deep.include({
      default_payment_method: method?.id,
      custom_fields: [{ name: "PO", value: "7" }],
      footer: "Thank you",
    });
    const declined = stripe.customers.create({ payment_method: "pm_card_visa_chargeDeclined" });
    expect((await refusal(declined)).code).to.equal("card_declined");
    const foreign = stripe.customers.create({
      invoice_settings: { default_payment_method: String(method?.id) },
    });
    expect((await refusal(foreign)).code).to.equal("resource_missing");
    expect((await stripe.customers.list()).data).to.have.length(1);
  });
});

// stripe-node CustomerCreateParams; maximum lengths: Stripe's OpenAPI file.
describe("sandbox customers' fields", () => {
  afterEach(stopRigs);

  it("are kept as they are sent", async () => {
    const { stripe } = await startRig();
    const customer = await stripe.customers.create({
      balance: -500,
      business_name: "Rides GmbH",
      invoice_prefix: "RIDES",
      next_invoice_sequence: 7,
      phone: "+49 30 1234",
      preferred_locales: ["de"],
      shipping: { name: "Jo", address: { line1: "Am Ufer 1", country: "DE" } },
      tax: { validate_location: "deferred" },
      tax_exempt: "reverse",
    });
    expect(customer).to.deep.include({
      balance: -500,
      business_name: "Rides GmbH",
      invoice_prefix: "RIDES",
      next_invoice_sequence: 7,
      tax_exempt: "reverse",
    });
    expect(customer.shipping?.address).to.include({ line1: "Am Ufer 1", city: null });
    const cleared = await stripe.customers.update(customer.id, { shipping: "", tax_exempt: "" });
    expect(cleared).to.include({ shipping: null, tax_exempt: "none" });
  });

  it("are refused where they are too long or no addresses", async () => {
    const { stripe } = await startRig();
    for (const [params, param] of [
      [{ email: "nope" }, "email"],
      [{ email: "a@b" }, "email"],
      [{ email: `${"a".repeat(510)}@example.com` }, "email"],
      [{ name: "n".repeat(257) }, "name"],
      [{ phone: "1".repeat(21) }, "phone"],
      [{ description: "d".repeat(5001) }, "description"],
      [{ invoice_prefix: "no" }, "invoice_prefix"],
      [{ metadata: { ["k".repeat(41)]: "v" } }, `metadata[${"k".repeat(41)}]`],
      [{ metadata: { k: "v".repeat(501) } }, "metadata[k]"],
    ] as const) {
      const refused = await refusal(stripe.customers.create(params));
      expect(refused, param).to.include({ statusCode: 400, param });
    }
    const keys = Array.from({ length: 51 }, (_, index) => [`k${index}`, "v"]);
    const many = stripe.customers.create({ metadata: Object.fromEntries(keys) });
    expect((await refusal(many)).statusCode).to.equal(400);
  });
});
