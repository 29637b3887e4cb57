import { expect } from "chai";
import type { BillingDetails } from "../../../src/adapters/client/create_billing_client.ts";
import { I18n } from "../../../src/adapters/dashboard/client/i18n.js";
import {
  cardText,
  isCustomer,
  payerLines,
} from "../../../src/adapters/dashboard/client/payer_view.js";
import { sampleBillingDetails } from "../../samples/checkout.ts";
import { FREE_SUBSCRIPTION, SUBSCRIPTION } from "../../samples/page.ts";

const [ENGLISH, SPANISH] = [new I18n("en"), new I18n("es")];
const NOTHING = { name: null, email: null, address: null, taxIds: [], paymentMethod: null };

describe("What the Billing page says of who pays", () => {
  it("names the payer as the next invoice will", () => {
    expect(payerLines(sampleBillingDetails(), ENGLISH)).to.deep.equal([
      "Acme GmbH",
      "billing@acme.example",
      "Marktstr. 1, 10115 Berlin, DE",
      "DE123456789",
    ]);
    expect(payerLines(NOTHING, ENGLISH)).to.deep.equal([]);
  });

  it("says which tax ids are not confirmed", () => {
    const taxIds = (["pending", "verified", "unverified", "unavailable", null] as const).map(
      (status, index) => ({ type: "eu_vat", value: `DE${index}`, status }),
    );
    expect(payerLines({ ...NOTHING, taxIds }, ENGLISH)).to.deep.equal([
      "DE0, being checked",
      "DE1",
      "DE2, could not be confirmed",
      "DE3",
      "DE4",
    ]);
    expect(payerLines({ ...NOTHING, taxIds }, SPANISH)).to.include("DE0, en comprobación");
  });

  it("names the card, or what else is charged", () => {
    const text = (paymentMethod: BillingDetails["paymentMethod"]) =>
      cardText({ ...NOTHING, paymentMethod }, ENGLISH);
    expect(text(sampleBillingDetails().paymentMethod)).to.equal(
      "Visa ending in 4242, expires 04/2031",
    );
    const debit = { brand: "sepa_debit", last4: "3000", expMonth: null, expYear: null };
    expect(text(debit)).to.equal("SEPA ending in 3000");
    expect(text({ ...debit, brand: "link", last4: null })).to.equal("Link");
    expect(text(null)).to.equal(null);
  });

  it("offers a change of the details to whom Stripe knows, and to nobody else", () => {
    const free = { subscription: FREE_SUBSCRIPTION, invoices: 0, details: NOTHING };
    expect(isCustomer(free)).to.equal(false);
    expect(isCustomer({ ...free, details: null })).to.equal(false);
    expect(isCustomer({ ...free, invoices: 1 })).to.equal(true);
    expect(isCustomer({ ...free, subscription: SUBSCRIPTION, details: null })).to.equal(true);
    for (const [name, value] of Object.entries(sampleBillingDetails())) {
      const details = { ...NOTHING, [name]: value };
      expect(isCustomer({ ...free, details }), name).to.equal(true);
    }
  });
});
