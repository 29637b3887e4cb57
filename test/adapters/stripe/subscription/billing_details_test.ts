import { expect } from "chai";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { ADDRESS, WIRE_ADDRESS } from "../../../samples/checkout.ts";
import { connected } from "../connected.ts";
import { fixture } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";
import { rejectionOf } from "../rejection_of.ts";

const CUSTOMER = "/v1/customers/cus_QvAcme";
const EXPANDED = {
  "expand[0]": "subscriptions.data.default_payment_method",
  "expand[1]": "invoice_settings.default_payment_method",
  "expand[2]": "tax_ids",
};
const VISA = method("card", {
  brand: "visa",
  last4: "4242",
  exp_month: 4,
  exp_year: 2031,
});
function method(type: string, details: object) {
  return { id: "pm_1", object: "payment_method", type, [type]: details };
}

function list(data: readonly object[], hasMore = false) {
  return { object: "list", url: "/v1/any", has_more: hasMore, data };
}

function customer({
  subscriptions = list([]),
  taxIds = [],
  preferred = null,
  ...changes
}: {
  subscriptions?: object;
  taxIds?: readonly object[];
  preferred?: object | null;
  [name: string]: unknown;
} = {}) {
  return fixture("customer", {
    subscriptions,
    tax_ids: list(taxIds),
    invoice_settings: { default_payment_method: preferred },
    ...changes,
  });
}

function subscription(id: string, own: object | null) {
  return { id, object: "subscription", default_payment_method: own };
}

function taxId(type: string, value: string, verification: object | null) {
  return { id: `txi_${value}`, object: "tax_id", type, value, verification };
}

describe("StripePaymentGateway.billingDetails", () => {
  const api = useRecordedApi();
  const { gateway } = connected();

  it("reads a customer without subscriptions, its tax ids and card, in one request", async () => {
    const taxIds = [
      taxId("eu_vat", "DE123456789", { status: "verified" }),
      taxId("us_ein", "12-3456789", null),
      taxId("eu_vat", "DE999999999", { status: "what_comes_next_year" }),
    ];
    const body = customer({ name: "Acme", address: WIRE_ADDRESS, taxIds, preferred: VISA });
    api.answer("GET", CUSTOMER, { body });
    expect(await gateway.billingDetails("cus_QvAcme")).to.deep.equal({
      name: "Acme",
      email: "billing@acme.example",
      address: ADDRESS,
      taxIds: [
        { type: "eu_vat", value: "DE123456789", status: "verified" },
        { type: "us_ein", value: "12-3456789", status: null },
        { type: "eu_vat", value: "DE999999999", status: null },
      ],
      paymentMethod: { brand: "visa", last4: "4242", expMonth: 4, expYear: 2031 },
    });
    expect(api.single().query).to.deep.equal(EXPANDED);
  });

  it("shows the newest subscription's own method, of a kind that is no card", async () => {
    const own = method("sepa_debit", { last4: "3000", bank_code: "37040044" });
    const subscriptions = list([
      subscription("sub_3", null),
      subscription("sub_2", own),
      subscription("sub_1", VISA),
    ]);
    api.answer("GET", CUSTOMER, { body: customer({ subscriptions, preferred: VISA }) });
    const found = await gateway.billingDetails("cus_QvAcme");
    const nothing = { expMonth: null, expYear: null };
    expect(found?.paymentMethod).to.deep.equal({ brand: "sepa_debit", last4: "3000", ...nothing });
  });

  it("asks for the subscriptions that Stripe has cut off", async () => {
    const subscriptions = list([subscription("sub_2", null)], true);
    api.answer("GET", CUSTOMER, { body: customer({ subscriptions }) });
    const all = [subscription("sub_2", null), subscription("sub_1", VISA)];
    api.answer("GET", "/v1/subscriptions", { body: list(all) });
    const found = await gateway.billingDetails("cus_QvAcme");
    expect(found?.paymentMethod?.last4).to.equal("4242");
    expect(api.requests.at(-1)?.query).to.deep.equal({
      customer: "cus_QvAcme",
      limit: "100",
      "expand[0]": "data.default_payment_method",
    });
  });

  it("answers nothing of itself for a customer that has said nothing", async () => {
    api.answer("GET", CUSTOMER, { body: customer({ email: "" }) });
    expect(await gateway.billingDetails("cus_QvAcme")).to.deep.equal({
      name: null,
      email: null,
      address: null,
      taxIds: [],
      paymentMethod: null,
    });
  });

  for (const [what, reply] of [
    ["a deleted customer", { body: fixture("customer_deleted") }],
    [
      "a customer that Stripe does not know",
      {
        status: 404,
        body: { error: { type: "invalid_request_error", code: "resource_missing", message: "" } },
      },
    ],
  ] as const) {
    it(`answers undefined for ${what}`, async () => {
      api.answer("GET", CUSTOMER, reply);
      expect(await gateway.billingDetails("cus_QvAcme")).to.equal(undefined);
    });
  }

  it("P34 throws a transient error while Stripe fails", async () => {
    const error = { type: "api_error", message: "try again" };
    api.answer("GET", CUSTOMER, { status: 503, body: { error } });
    const thrown = await rejectionOf(gateway.billingDetails("cus_QvAcme"));
    expect(thrown).to.be.instanceOf(PortError).with.property("transient", true);
  });
});
