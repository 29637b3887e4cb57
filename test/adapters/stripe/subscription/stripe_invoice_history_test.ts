import { expect } from "chai";
import { ADDRESS, WIRE_ADDRESS } from "../../../samples/checkout.ts";
import { connected } from "../connected.ts";
import { fixture } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";
import { rejectionOf } from "../rejection_of.ts";

const PATH = "/v1/invoices";

describe("StripeInvoiceHistory", () => {
  const api = useRecordedApi();
  const { invoices } = connected();

  function page(data: readonly object[], hasMore = false) {
    return { body: { object: "list", url: PATH, has_more: hasMore, data } };
  }

  it("lists a customer's invoices with what people look for on them", async () => {
    const invoice = fixture("invoice_endive");
    const taxIds = [{ type: "eu_vat", value: "DE123456789" }];
    const billed = { ...invoice, customer_address: WIRE_ADDRESS, customer_tax_ids: taxIds };
    api.answer("GET", PATH, page([billed], true));
    const customer = String(invoice.customer);
    expect(await invoices.list(customer, { after: "in_before", limit: 7 })).to.deep.equal({
      invoices: [
        {
          id: invoice.id,
          number: invoice.number,
          date: new Date(
            Number((invoice.status_transitions as { finalized_at: number }).finalized_at) * 1000,
          ),
          amount: invoice.total,
          currency: invoice.currency,
          status: invoice.status,
          processing: false,
          hostedUrl: invoice.hosted_invoice_url,
          pdfUrl: invoice.invoice_pdf,
          billedTo: {
            name: "Acme",
            email: "billing@acme.example",
            address: ADDRESS,
            taxIds: ["DE123456789"],
          },
        },
      ],
      nextAfter: invoice.id,
    });
    expect(api.single().query).to.deep.equal({
      customer,
      limit: "7",
      starting_after: "in_before",
    });
  });

  it("tells of an open invoice whether it is being paid", async () => {
    const { customer, ...invoice } = fixture("invoice_endive");
    const open = { ...invoice, customer, id: "in_open", status: "open" };
    const payment = (status: string) => ({
      id: `inpay_${status}`,
      object: "invoice_payment",
      payment: { type: "payment_intent", payment_intent: { id: "pi_1", status, amount: 2_900 } },
    });
    for (const [status, processing] of [
      ["processing", true],
      ["requires_payment_method", false],
    ] as const) {
      api.answer("GET", PATH, page([open]));
      api.answer("GET", "/v1/invoice_payments", page([payment(status)]));
      const found = await invoices.list(String(customer), { limit: 1 });
      expect(found?.invoices.map((one) => one.processing)).to.deep.equal([processing]);
    }
    expect(api.requests.at(-1)?.query).to.deep.include({ invoice: "in_open", status: "open" });
  });

  it("leaves drafts out, and still says where the next page begins", async () => {
    const invoice = fixture("invoice_endive");
    api.answer("GET", PATH, page([invoice, { ...invoice, id: "in_draft", status: "draft" }], true));
    const found = await invoices.list(String(invoice.customer), { limit: 2 });
    expect(found?.invoices.map(({ id }) => id)).to.deep.equal([invoice.id]);
    expect(found?.nextAfter).to.equal("in_draft");
  });

  it("P35 refuses an answer with another customer's invoice", async () => {
    api.answer("GET", PATH, page([fixture("invoice_endive")]));
    const error = await rejectionOf(invoices.list("cus_other", { limit: 2 }));
    expect(error.message).to.match(/^Cannot read invoice "in_\w+": it is not of customer/);
  });

  it("takes an unknown customer for one without invoices, and an unknown cursor for none", async () => {
    const missing = { type: "invalid_request_error", code: "resource_missing", message: "none" };
    for (const _ of [1, 2]) {
      api.answer("GET", PATH, { status: 400, body: { error: missing } });
    }
    expect(await invoices.list("cus_gone", { limit: 2 })).to.deep.equal({
      invoices: [],
      nextAfter: null,
    });
    expect(await invoices.list("cus_one", { after: "in_gone", limit: 2 })).to.equal(undefined);
  });
});
