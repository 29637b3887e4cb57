import { expect } from "chai";
import { connected } from "./connected.ts";
import { fixture } from "./fixture.ts";
import { RecordedApi } from "./recorded_api.ts";
import { rejectionOf } from "./rejection_of.ts";

describe("RecordedApi", () => {
  let api: RecordedApi;
  beforeEach(() => {
    api = new RecordedApi();
    api.start();
  });
  afterEach(() => api.stop());

  it("fails on a request that nobody expects, to a host with other answers", async () => {
    api.answer("GET", "/v1/customers/cus_other", { body: fixture("customer") });
    await rejectionOf(connected().gateway.tenantOfCustomer("cus_QvAcme"));
    expect(() => api.verify()).to.throw(
      /GET https:\/\/api\.stripe\.com\/v1\/customers\/cus_QvAcme/,
    );
  });

  it("fails on a request that nobody expects, to a host without answers", async () => {
    await rejectionOf(connected().gateway.tenantOfCustomer("cus_QvAcme"));
    expect(() => api.verify()).to.throw("unexpected requests");
  });

  it("fails on an answer that nobody asked for", () => {
    api.answer("GET", "/v1/customers/cus_QvAcme", { body: fixture("customer") });
    expect(() => api.verify()).to.throw("answers without a request");
  });

  it("shows that the answer to an unexpected request is not taken for a success", async () => {
    api.answer("GET", "/v1/customers/cus_other", { body: fixture("customer") });
    const error = await rejectionOf(connected().gateway.tenantOfCustomer("cus_QvAcme"));
    expect(error.message).to.equal(
      'Cannot read customer "cus_QvAcme": Stripe\'s answer is no customer, status 501',
    );
  });
});
