import { expect } from "chai";
import type { Stripe } from "stripe";
import { openCheckout, type Rig, refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

async function taxed(
  rig: Rig,
  customer: string,
  params: Stripe.InvoiceCreateParams,
): Promise<Stripe.Invoice> {
  const { stripe } = rig;
  const draft = await stripe.invoices.create({ customer, currency: "eur", ...params });
  await stripe.invoiceItems.create({
    customer,
    invoice: draft.id,
    amount: 10_000,
    currency: "eur",
  });
  return stripe.invoices.retrieve(draft.id);
}

/** docs.stripe.com/billing/taxes/tax-rates, docs.stripe.com/tax/zero-tax. */
describe("taxes in the sandbox", () => {
  afterEach(stopRigs);

  it("are added by rates that are exclusive, and part of the price with inclusive ones", async () => {
    const rig = await startRig();
    const { id: customer } = await rig.stripe.customers.create({});
    const rate = (inclusive: boolean) =>
      rig.stripe.taxRates.create({ display_name: "VAT", percentage: 19, inclusive });
    const added = await taxed(rig, customer, { default_tax_rates: [(await rate(false)).id] });
    expect(added).to.include({ subtotal: 10_000, total: 11_900, total_excluding_tax: 10_000 });
    const part = await taxed(rig, customer, { default_tax_rates: [(await rate(true)).id] });
    expect(part).to.include({ subtotal: 10_000, total: 10_000, total_excluding_tax: 8403 });
    expect(part.total_taxes?.[0]).to.include({ amount: 1597, tax_behavior: "inclusive" });
  });

  it("are on what discounts leave", async () => {
    const rig = await startRig();
    const { id: customer } = await rig.stripe.customers.create({});
    const rate = await rig.stripe.taxRates.create({
      display_name: "VAT",
      percentage: 20,
      inclusive: false,
    });
    const { id: coupon } = await rig.stripe.coupons.create({ percent_off: 50 });
    const params = { default_tax_rates: [rate.id], discounts: [{ coupon }] };
    expect((await taxed(rig, customer, params)).total).to.equal(6000);
  });

  /** docs.stripe.com/tax/checkout: Checkout asks for the address that the tax needs. */
  it("of Checkout are complete with an address only, which the customer then has", async () => {
    const rig = await startRig();
    const { customer, price } = await seed(rig);
    const { id } = await openCheckout(
      rig,
      { customer, price },
      { automatic_tax: { enabled: true }, customer_update: { address: "auto" } },
    );
    const statusOf = async () =>
      (await rig.stripe.checkout.sessions.retrieve(id)).automatic_tax.status;
    expect(await statusOf()).to.equal("requires_location_inputs");
    await rig.control("POST", `/checkout/${id}/complete`, { card: "4242424242424242" });
    expect(await statusOf()).to.equal("complete");
    const owner = await rig.stripe.customers.retrieve(customer.id);
    expect(owner).to.have.nested.property("address.country", "US");
  });

  it("are computed by country, and not for a business that owes them itself", async () => {
    const rig = await startRig();
    const automatic = { automatic_tax: { enabled: true } };
    const create = (country: string) => rig.stripe.customers.create({ address: { country } });
    const german = await create("DE");
    const first = await taxed(rig, german.id, automatic);
    expect(first.total).to.equal(11_900);
    expect(first.automatic_tax.status).to.equal("complete");
    await rig.stripe.customers.createTaxId(german.id, { type: "eu_vat", value: "DE123456789" });
    const reversed = await taxed(rig, german.id, automatic);
    expect(reversed.total).to.equal(10_000);
    expect(reversed.total_taxes?.[0]?.taxability_reason).to.equal("reverse_charge");
    expect(reversed.customer_tax_ids).to.deep.equal([{ type: "eu_vat", value: "DE123456789" }]);
    const exempt = await rig.stripe.customers.create({
      address: { country: "FR" },
      tax_exempt: "exempt",
    });
    expect((await taxed(rig, exempt.id, automatic)).total).to.equal(10_000);
  });

  /** A subscription with automatic tax of a customer whose location nobody knows, renewed. */
  async function renewedWithoutLocation(assumptions: object = {}) {
    const rig = await startRig();
    const catalog = await seed(rig);
    const { id } = await subscribe(rig, catalog);
    await rig.control("POST", "/assumptions", assumptions);
    await rig.stripe.subscriptions.update(id, { automatic_tax: { enabled: true } });
    await rig.sandbox.settled();
    rig.receiver.received.length = 0;
    await rig.advance({ to: "2026-02-28T12:00:00Z" });
    await rig.sandbox.settled();
    return { rig, catalog, id };
  }

  // Source: docs.stripe.com/tax/customer-locations, "Invoice finalization errors".
  it("without a location are off from then on, for the invoice and its subscription", async () => {
    const { rig, catalog, id } = await renewedWithoutLocation();
    expect(rig.receiver.types()).to.include.members(["invoice.finalized", "invoice.paid"]);
    expect(rig.receiver.types()).to.not.include("invoice.finalization_failed");
    const [invoice] = (await rig.stripe.invoices.list({ subscription: id, limit: 1 })).data;
    expect(invoice).to.include({ status: "paid", total: 4_900 });
    expect(invoice?.automatic_tax).to.include({
      enabled: false,
      disabled_reason: "finalization_requires_location_inputs",
    });
    const { automatic_tax: tax } = await rig.stripe.subscriptions.retrieve(id);
    expect(tax).to.include({ enabled: false, disabled_reason: "requires_location_inputs" });
    await rig.stripe.customers.update(catalog.customer.id, { address: { country: "DE" } });
    const again = await rig.stripe.subscriptions.update(id, { automatic_tax: { enabled: true } });
    expect(again.automatic_tax).to.include({ enabled: true, disabled_reason: null });
  });

  it("without a location keep an invoice a draft: an error, or invoice.finalization_failed", async () => {
    const { rig, catalog, id } = await renewedWithoutLocation({ missingLocation: "keeps_draft" });
    expect(rig.receiver.types()).to.deep.equal([
      "customer.subscription.updated",
      "invoice.created",
      "invoice.finalization_failed",
    ]);
    const [draft] = (await rig.stripe.invoices.list({ subscription: id, limit: 1 })).data;
    expect(draft?.status).to.equal("draft");
    expect(draft?.last_finalization_error?.code).to.equal("customer_tax_location_invalid");
    expect((await rig.stripe.subscriptions.retrieve(id)).status).to.equal("active");
    const refused = await refusal(rig.stripe.invoices.finalizeInvoice(String(draft?.id)));
    expect(refused.code).to.equal("customer_tax_location_invalid");
    await rig.stripe.customers.update(catalog.customer.id, { address: { country: "DE" } });
    const final = await rig.stripe.invoices.finalizeInvoice(String(draft?.id));
    expect(final).to.include({ status: "open", total: 5831, last_finalization_error: null });
  });

  it("ids look like those of their country", async () => {
    const rig = await startRig();
    const { id } = await rig.stripe.customers.create({});
    for (const value of ["DE12345678", "123456789", "XX123456789"]) {
      const error = await refusal(rig.stripe.customers.createTaxId(id, { type: "eu_vat", value }));
      expect(error).to.include({ statusCode: 400, code: "tax_id_invalid" });
    }
    const { value } = await rig.stripe.customers.createTaxId(id, {
      type: "eu_vat",
      value: "de 123 456 789",
    });
    expect(value).to.equal("DE123456789");
  });
});
