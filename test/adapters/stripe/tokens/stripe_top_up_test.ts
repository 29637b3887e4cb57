import { expect } from "chai";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import type { TopUpRequest } from "../../../../src/application/ports/tokens/token_pack_payments.ts";
import { type Rig, START, seed, startRig, stopRigs } from "../../../sandbox/rig.ts";
import { connected } from "../connected.ts";
import { rejectionOf } from "../rejection_of.ts";

describe("A top-up at Stripe, against the sandbox", () => {
  let rig: Rig;
  afterEach(stopRigs);

  it("P22 whose draft was given up is withdrawn, though Stripe repeats that it was created", async () => {
    rig = await startRig();
    const { stripe } = rig;
    const { customer } = await seed(rig);
    const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: card.id },
    });
    const product = await stripe.products.create({ name: "Growth" });
    const price = await stripe.prices.create({
      product: product.id,
      currency: "eur",
      unit_amount: 500,
    });
    const request: TopUpRequest = {
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
    const { packs } = connected({ baseUrl: rig.sandbox.url });
    await rig.control("POST", "/faults", { route: "POST /v1/invoiceitems", status: 403 });
    expect(await rejectionOf(packs.topUp(request))).to.be.instanceOf(PortError);
    expect((await stripe.invoices.list({ customer: customer.id })).data[0]?.status).to.equal(
      "draft",
    );
    expect(await packs.topUp({ ...request, mayCharge: false })).to.deep.equal({
      type: "withdrawn",
    });
    expect(await packs.topUp(request)).to.deep.equal({ type: "withdrawn" });
    expect((await stripe.invoices.list({ customer: customer.id })).data).to.deep.equal([]);
  });
});
