import { expect } from "chai";
import type { Stripe } from "stripe";
import { redactCustomer } from "../../../../src/adapters/stripe/subscription/redact_customer.ts";
import { type Rig, startRig, stopRigs } from "../../../sandbox/rig.ts";

const ADDRESS = { line1: "Hauptstrasse 1", city: "Berlin", postal_code: "10115", country: "DE" };
const PERSONAL = ["Ada", "ada@example.com", "+4930123456", "Hauptstrasse", "Berlin", "DE123456789"];

describe("redactCustomer, against the sandbox", () => {
  let rig: Rig;
  let stripe: Stripe;
  let id: string;

  beforeEach(async () => {
    rig = await startRig();
    stripe = rig.stripe;
    const customer = await stripe.customers.create({
      name: "Ada Lovelace",
      email: "ada@example.com",
      phone: "+4930123456",
      description: "Ada's company",
      address: ADDRESS,
      shipping: { name: "Ada Lovelace", address: ADDRESS },
      invoice_settings: { footer: "Attn. Ada", custom_fields: [{ name: "For", value: "Ada" }] },
      metadata: { tenantId: "clacme0001" },
    });
    ({ id } = customer);
    await stripe.customers.createTaxId(id, { type: "eu_vat", value: "DE123456789" });
    for (const card of ["pm_card_visa", "pm_card_mastercard"]) {
      await stripe.paymentMethods.attach(card, { customer: id });
    }
  });
  afterEach(stopRigs);

  async function kept(): Promise<string> {
    const customer = await stripe.customers.retrieve(id);
    const taxIds = await stripe.customers.listTaxIds(id);
    const methods = await stripe.customers.listPaymentMethods(id);
    return JSON.stringify([customer, taxIds.data, methods.data]);
  }

  it("P44 empties a customer of all that tells who it is, and keeps whose it is", async () => {
    const before = await kept();
    for (const word of PERSONAL) {
      expect(before).to.include(word);
    }
    for (const time of ["once", "twice"]) {
      await redactCustomer(stripe, id, "empty");
      const after = await kept();
      for (const word of PERSONAL) {
        expect(after, time).to.not.include(word);
      }
      expect(after, time)
        .to.include("clacme0001")
        .and.to.match(/,\[\],\[\]\]$/);
    }
  });

  it("P44 deletes a customer", async () => {
    await redactCustomer(stripe, id, "delete");
    expect(await stripe.customers.retrieve(id)).to.have.property("deleted", true);
  });
});
