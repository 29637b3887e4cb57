import { expect } from "chai";
import { useStarted } from "../rig/started_billing.ts";
import { ADDRESS } from "../samples/checkout.ts";
import { Browser } from "./browser.ts";

const CARD = { card: "4242424242424242", expiry: "12 / 34", cvc: "123" };
const BERLIN = { country: "DE", line1: "Marktstr. 1", postal_code: "10115", city: "Berlin" };
const MADRID = { country: "ES", line1: "Calle Mayor 2", postal_code: "28013", city: "Madrid" };

describe("Billing details, as Stripe knows them now", () => {
  const billing = useStarted();
  const details = async () => (await billing.api("GET", "/billing/details")).body;

  async function visitPortal(page: string, button: string, fields: object): Promise<void> {
    const { body } = await billing.api("POST", "/billing/portal", {});
    const browser = new Browser();
    await browser.open(`${body.url}/${page}`);
    await browser.press(button, { ...fields });
    await billing.sandbox.settled();
  }

  it("tell the card that a top-up charges, of a tenant that has no subscription", async () => {
    expect((await details()).paymentMethod).to.equal(null);
    await billing.buy({ packSlug: "starter" });
    expect((await details()).paymentMethod).to.equal(null);
    await visitPortal("card", "Save card", CARD);
    expect((await billing.subscription()).paymentMethod).to.equal(null);
    expect((await details()).paymentMethod).to.deep.equal({
      brand: "visa",
      last4: "4242",
      expMonth: 12,
      expYear: 2034,
    });
  });

  it("change at once when they are changed at the Portal; older invoices stay as they were", async () => {
    await billing.buy({ planSlug: "pro" });
    const berlin = { name: "Acme GmbH", email: "billing@acme.example", ...BERLIN };
    await visitPortal("details", "Save", { ...berlin, tax_id: "DE123456789" });
    expect(await details()).to.deep.include({
      name: "Acme GmbH",
      email: "billing@acme.example",
      address: ADDRESS,
      taxIds: [{ type: "eu_vat", value: "DE123456789", status: "pending" }],
    });
    const billedTo = async () => {
      const { body } = await billing.api("GET", "/billing/invoices");
      return body.data.map(
        (invoice: { billedTo: { name: string | null } }) => invoice.billedTo.name,
      );
    };
    expect(await billedTo()).to.deep.equal([null]);
    await billing.control("/clock", { to: "2026-12-23T12:00:00Z" });
    await visitPortal("details", "Save", { name: "Acme SL", email: "a@acme.example", ...MADRID });
    expect(await details()).to.deep.include({ name: "Acme SL", email: "a@acme.example" });
    expect(await billedTo()).to.deep.equal(["Acme GmbH", null]);
  });

  it("are nobody's when the customer was deleted", async () => {
    await billing.buy({ packSlug: "starter" });
    expect((await details()).email).to.equal("customer@example.com");
    const [customer] = (await billing.stripe.customers.list()).data;
    await billing.stripe.customers.del(customer?.id ?? "");
    await billing.sandbox.settled();
    const { status, body } = await billing.api("GET", "/billing/details");
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      name: null,
      email: null,
      address: null,
      taxIds: [],
      paymentMethod: null,
    });
  });

  it("P34 are refused while Stripe fails, and nothing else is", async () => {
    await billing.buy({ packSlug: "starter" });
    await billing.control("/faults", { route: "GET /v1/customers/:id", status: 500, times: 10 });
    const { status, body } = await billing.api("GET", "/billing/details");
    expect([status, body.code]).to.deep.equal([503, "temporarily_unavailable"]);
    expect((await billing.subscription()).status).to.equal("active");
    expect((await billing.api("GET", "/billing/invoices")).status).to.equal(200);
  });
});
