import { expect } from "chai";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import type { TopUpRequest } from "../../../../src/application/ports/tokens/token_pack_payments.ts";
import { type Rig, START, seed, startRig, stopRigs } from "../../../sandbox/rig.ts";
import { connected } from "../connected.ts";
import { rejectionOf } from "../rejection_of.ts";

describe("A top-up at Stripe, against the sandbox", () => {
  let rig: Rig;
  afterEach(stopRigs);

  /** A wish of a customer who pays by this method. */
  async function wish(method: "card" | { readonly iban: string }): Promise<TopUpRequest> {
    rig = await startRig();
    const { stripe } = rig;
    const { customer } = await seed(rig);
    const { id } =
      method === "card"
        ? { id: "pm_card_visa" }
        : await stripe.paymentMethods.create({
            type: "sepa_debit",
            sepa_debit: { iban: method.iban },
            billing_details: { name: "Ada", email: "ada@example.com" },
          });
    const kept = await stripe.paymentMethods.attach(id, { customer: customer.id });
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: kept.id },
    });
    const product = await stripe.products.create({ name: "Growth" });
    const price = await stripe.prices.create({
      product: product.id,
      currency: "eur",
      unit_amount: 500,
    });
    return {
      tenantId: "clacme0001",
      customerId: customer.id,
      seq: 7,
      startedAt: START,
      packSlug: "growth",
      tokens: 10_000,
      priceId: price.id,
      currency: "eur",
      automaticTax: false,
      mayCharge: true,
    };
  }

  const invoicesOf = async ({ customerId }: TopUpRequest) =>
    (await rig.stripe.invoices.list({ customer: customerId })).data.map(({ status }) => status);

  it("P22 whose draft was given up is withdrawn, though Stripe repeats that it was created", async () => {
    const request = await wish("card");
    const { packs } = connected({ baseUrl: rig.sandbox.url });
    await rig.control("POST", "/faults", { route: "POST /v1/invoiceitems", status: 403 });
    expect(await rejectionOf(packs.topUp(request))).to.be.instanceOf(PortError);
    expect(await invoicesOf(request)).to.deep.equal(["draft"]);
    expect(await packs.topUp({ ...request, mayCharge: false })).to.deep.equal({
      type: "withdrawn",
    });
    expect(await packs.topUp(request)).to.deep.equal({ type: "withdrawn" });
    expect(await invoicesOf(request)).to.deep.equal([]);
  });

  it("P43 whose tax nobody can compute is refused, and leaves nothing; with an address it is taxed", async () => {
    const request = { ...(await wish("card")), automaticTax: true };
    const { packs } = connected({ baseUrl: rig.sandbox.url });
    const reason = "customer_tax_location_invalid";
    expect(await packs.topUp(request)).to.deep.equal({ type: "refused", reason });
    expect(await invoicesOf(request)).to.deep.equal([]);
    await rig.stripe.customers.update(request.customerId, { address: { country: "DE" } });
    const again = { ...request, seq: 8 };
    expect(await packs.topUp(again)).to.include({ type: "paid" });
    const { data } = await rig.stripe.invoices.list({ customer: request.customerId });
    expect(data.map(({ total, status }) => [total, status])).to.deep.equal([[595, "paid"]]);
    const [purchase] = await packs.purchases(request.customerId, request.tenantId, true);
    expect(purchase).to.include({ tokens: 10_000, amount: 595, paid: true });
  });

  it("P29 a debit that fails days later is refused, and not tried again", async () => {
    const request = await wish({ iban: "DE62370400440532013001" });
    const { packs } = connected({ baseUrl: rig.sandbox.url });
    expect(await packs.topUp(request)).to.deep.equal({ type: "pending" });
    await rig.control("POST", "/clock", { advanceDays: 6 });
    const refused = { type: "refused", reason: "insufficient_funds" };
    expect(await packs.topUp(request)).to.deep.equal(refused);
    expect(await invoicesOf(request)).to.deep.equal(["void"]);
    expect(await packs.topUp(request), "asked again").to.deep.equal(refused);
    expect(await packs.topUp({ ...request, mayCharge: false })).to.deep.equal({
      type: "withdrawn",
    });
    const { data: charges } = await rig.stripe.charges.list({ customer: request.customerId });
    expect(charges).to.have.length(1);
  });

  it("P29 a card whose decline nobody heard of is not charged again", async () => {
    const request = await wish("card");
    const bad = await rig.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
      customer: request.customerId,
    });
    await rig.stripe.customers.update(request.customerId, {
      invoice_settings: { default_payment_method: bad.id },
    });
    const { packs } = connected({ baseUrl: rig.sandbox.url });
    await rig.control("POST", "/faults", { route: "POST /v1/invoices/:id/void", status: 503 });
    expect(await rejectionOf(packs.topUp(request))).to.be.instanceOf(PortError);
    expect(await invoicesOf(request)).to.deep.equal(["open"]);
    expect(await packs.topUp(request)).to.deep.equal({ type: "refused", reason: "card_declined" });
    const { data: charges } = await rig.stripe.charges.list({ customer: request.customerId });
    expect(charges).to.have.length(1);
    expect(await invoicesOf(request)).to.deep.equal(["void"]);
  });
});
