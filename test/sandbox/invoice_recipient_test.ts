import { expect } from "chai";
import { parse } from "node-html-parser";
import type { Stripe } from "stripe";
import { type Rig, seed, startRig, stopRigs } from "./rig.ts";

const ADDRESS = {
  line1: "Marktstr. 1",
  line2: "Hinterhaus",
  postal_code: "10115",
  city: "Berlin",
  state: null,
  country: "DE",
};
const VAT = { type: "eu_vat", value: "DE123456789" } as const;
const BILLED_TO = [
  "Acme <GmbH>",
  "Marktstr. 1",
  "Hinterhaus",
  "10115 Berlin",
  "Germany",
  "billing@acme.example",
];
const SNAPSHOT = {
  customer_name: "Acme <GmbH>",
  customer_email: "billing@acme.example",
  customer_address: ADDRESS,
  customer_tax_ids: [VAT],
};

describe("Whom an invoice of the sandbox names", () => {
  let rig: Rig;
  let customer: Stripe.Customer;

  beforeEach(async () => {
    rig = await startRig();
    ({ customer } = await seed(rig));
    await rig.stripe.customers.update(customer.id, {
      name: "Acme <GmbH>",
      email: "billing@acme.example",
      address: { ...ADDRESS, state: "" },
    });
    await rig.stripe.customers.createTaxId(customer.id, VAT);
  });

  afterEach(stopRigs);

  async function draft(): Promise<string> {
    const { id } = await rig.stripe.invoices.create({ customer: customer.id });
    const item = { customer: customer.id, invoice: id, amount: 4_900, currency: "usd" };
    await rig.stripe.invoiceItems.create(item);
    return id;
  }

  async function change(): Promise<void> {
    const { stripe } = rig;
    await stripe.customers.update(customer.id, {
      name: "Acme SL",
      email: "pagos@acme.example",
      address: { line1: "Calle Mayor 2", postal_code: "28013", city: "Madrid", country: "ES" },
    });
    const owner = { type: "customer", customer: customer.id } as const;
    const [old] = (await stripe.taxIds.list({ owner })).data;
    expect((await stripe.taxIds.list()).data, "the account's own").to.deep.equal([]);
    await stripe.customers.deleteTaxId(customer.id, old?.id ?? "");
    await stripe.customers.createTaxId(customer.id, { type: "eu_vat", value: "ESB12345678" });
  }

  const shownOf = async (url: string | null | undefined) => {
    const page = parse(await (await fetch(url ?? "")).text());
    return page
      .querySelectorAll(".facts dt")
      .filter((term) => term.text === "Billed to" || term.text.includes("Tax ID"))
      .flatMap((term) => term.parentNode?.querySelectorAll("dd") ?? [])
      .map((line) => line.text.trim());
  };

  it("is the customer as it is while the invoice is a draft", async () => {
    const id = await draft();
    await change();
    await rig.stripe.invoices.update(id, { description: "Read again" });
    const { customer_name, customer_address, customer_tax_ids } =
      await rig.stripe.invoices.retrieve(id);
    expect(customer_name).to.equal("Acme SL");
    expect(customer_address?.city).to.equal("Madrid");
    expect(customer_tax_ids).to.deep.equal([{ type: "eu_vat", value: "ESB12345678" }]);
  });

  it("stays who it was when the invoice was finalised, on its page and in its PDF, too", async () => {
    const id = await draft();
    await rig.stripe.invoices.finalizeInvoice(id);
    await change();
    await rig.stripe.invoices.voidInvoice(id);
    const invoice = await rig.stripe.invoices.retrieve(id);
    expect(invoice).to.deep.include(SNAPSHOT);
    const shown = [...BILLED_TO, "DE VAT DE123456789"];
    expect(await shownOf(invoice.hosted_invoice_url)).to.deep.equal(shown);
    expect(await shownOf(invoice.invoice_pdf)).to.deep.equal(shown);
    await rig.stripe.customers.del(customer.id);
    expect(await rig.stripe.invoices.retrieve(id)).to.deep.include(SNAPSHOT);
    expect(await shownOf(invoice.hosted_invoice_url)).to.deep.equal(shown);
  });

  it("is the customer's id where nothing else is known", async () => {
    const nobody = await rig.stripe.customers.create({});
    customer = nobody;
    const { hosted_invoice_url } = await rig.stripe.invoices.finalizeInvoice(await draft());
    expect(await shownOf(hosted_invoice_url)).to.deep.equal([nobody.id]);
  });
});
