import { expect } from "chai";
import { STRIPE_API_VERSION } from "../../../src/adapters/stripe/create_stripe_client.ts";
import { connected, SECRET_KEY } from "./connected.ts";
import { fixture } from "./fixture.ts";
import { useRecordedApi } from "./recorded_api.ts";

const CUSTOMER = "/v1/customers/cus_QvAcme";
const MISSING = {
  status: 400,
  body: { error: { type: "invalid_request_error", code: "resource_missing", message: "no such" } },
};

describe("StripePaymentGateway", () => {
  const api = useRecordedApi();
  const { gateway } = connected();

  it("P16 createCustomer sends the tenant's id under the given idempotency key", async () => {
    api.answer("POST", "/v1/customers", { body: fixture("customer") });
    const customer = { tenantId: "acme_mail" };
    expect(await gateway.createCustomer(customer, "customer-acme_mail")).to.deep.equal({
      customerId: "cus_QvAcme",
    });
    const { form, query, headers } = api.single();
    expect(form).to.deep.equal({ "metadata[tenantId]": "acme_mail" });
    expect(query).to.deep.equal({});
    expect(headers.get("idempotency-key")).to.equal("customer-acme_mail");
    expect(headers.get("stripe-version")).to.equal(STRIPE_API_VERSION);
    expect(headers.get("authorization")).to.equal(`Bearer ${SECRET_KEY}`);
    expect(headers.get("user-agent")).to.include("mailingcore-billing");
  });

  it("sends no telemetry about earlier calls", async () => {
    const headers = { "request-id": "req_1Qv" };
    for (const _ of [1, 2]) {
      api.answer("GET", CUSTOMER, { body: fixture("customer"), headers });
      await gateway.tenantOfCustomer("cus_QvAcme");
    }
    const names = api.requests.flatMap((request) => [...request.headers.keys()]);
    expect(names).to.include("stripe-version").and.not.include("x-stripe-client-telemetry");
  });

  it("P22 createCustomer repeats a lost call under the same key", async () => {
    const error = { type: "api_error", message: "try again" };
    api.answer("POST", "/v1/customers", { status: 503, body: { error } });
    api.answer("POST", "/v1/customers", { body: fixture("customer") });
    const retrying = connected({ maxNetworkRetries: 1 }).gateway;
    await retrying.createCustomer({ tenantId: "acme_mail" }, "key-1");
    const keys = api.requests.map(({ headers }) => headers.get("idempotency-key"));
    expect(keys).to.deep.equal(["key-1", "key-1"]);
  });

  it("P07 tenantOfCustomer answers the tenant that the customer carries", async () => {
    api.answer("GET", CUSTOMER, { body: fixture("customer") });
    expect(await gateway.tenantOfCustomer("cus_QvAcme")).to.equal("acme_mail");
    expect(api.single().query).to.deep.equal({});
  });

  for (const [what, reply] of [
    ["other products' customers", { body: fixture("customer", { metadata: {} }) }],
    ["deleted customers", { body: fixture("customer_deleted") }],
    ["customers that Stripe does not know", { ...MISSING, status: 404 }],
  ] as const) {
    it(`P06 tenantOfCustomer answers null for ${what}`, async () => {
      api.answer("GET", CUSTOMER, reply);
      expect(await gateway.tenantOfCustomer("cus_QvAcme")).to.equal(null);
    });
  }
});
