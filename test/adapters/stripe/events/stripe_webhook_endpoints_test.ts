import { expect } from "chai";
import { connectStripeOperation } from "../../../../src/adapters/stripe/connect_stripe_operation.ts";
import { STRIPE_API_VERSION } from "../../../../src/adapters/stripe/create_stripe_client.ts";
import { HANDLED_EVENT_TYPES } from "../../../../src/domain/events/billing_event.ts";
import { SECRET_KEY } from "../connected.ts";
import { fixture, page } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";
import { rejectionOf } from "../rejection_of.ts";

const PATH = "/v1/webhook_endpoints";
const URL = "https://billing.example.com/billing/webhook";
const EVENTS = Object.fromEntries(
  HANDLED_EVENT_TYPES.map((type, index) => [`enabled_events[${index}]`, type]),
);

describe("StripeWebhookEndpoints", () => {
  const api = useRecordedApi();
  const { endpoints } = connectStripeOperation({ secretKey: SECRET_KEY, maxNetworkRetries: 0 });

  it("list reads all pages, with version, events and whether it is enabled", async () => {
    const other = { id: "we_2", api_version: null, status: "disabled", enabled_events: ["*"] };
    api.answer("GET", PATH, { body: page([fixture("webhook_endpoint")], true) });
    api.answer("GET", PATH, { body: page([fixture("webhook_endpoint", other)]) });
    expect(await endpoints.list()).to.deep.equal([
      {
        endpointId: "we_1Qv",
        url: URL,
        enabled: true,
        apiVersion: STRIPE_API_VERSION,
        eventTypes: ["invoice.paid", "customer.deleted"],
      },
      { endpointId: "we_2", url: URL, enabled: false, apiVersion: null, eventTypes: ["*"] },
    ]);
    expect(api.requests[1]?.query).to.deep.equal({ limit: "100", starting_after: "we_1Qv" });
  });

  it("create asks for our version and exactly these events, and hands over the secret", async () => {
    const body = fixture("webhook_endpoint", { secret: "whsec_canary" });
    api.answer("POST", PATH, { body });
    const created = await endpoints.create({ url: URL, eventTypes: HANDLED_EVENT_TYPES });
    expect(created).to.deep.equal({ endpointId: "we_1Qv", signingSecret: "whsec_canary" });
    expect(api.single().form).to.deep.equal({
      url: URL,
      api_version: STRIPE_API_VERSION,
      description: "MailingCore billing",
      "metadata[managedBy]": "mailingcore-billing",
      ...EVENTS,
    });
  });

  it("create shows no secret where Stripe's answer cannot be used", async () => {
    const body = fixture("webhook_endpoint", { id: 5, secret: "whsec_canary" });
    api.answer("POST", PATH, { body });
    const error = await rejectionOf(endpoints.create({ url: URL, eventTypes: [] }));
    expect(`${error.message} ${JSON.stringify(error)}`).not.to.include("canary");
  });

  it("update sets exactly these events and enables the endpoint", async () => {
    api.answer("POST", `${PATH}/we_1Qv`, { body: fixture("webhook_endpoint") });
    await endpoints.update("we_1Qv", HANDLED_EVENT_TYPES);
    expect(api.single().form).to.deep.equal({ disabled: "false", ...EVENTS });
  });

  it("names the permission that a restricted key lacks", async () => {
    const message =
      "The provided key 'rk_test_canary' does not have the required permissions. " +
      "Having the 'rak_webhook_write' permission would allow this request to continue.";
    const body = { error: { type: "invalid_request_error", message } };
    api.answer("POST", `${PATH}/we_1Qv`, { status: 403, body });
    const error = await rejectionOf(endpoints.update("we_1Qv", HANDLED_EVENT_TYPES));
    expect(error.message).to.equal(
      'Cannot update webhook endpoint "we_1Qv": the secret key lacks the permission ' +
        "rak_webhook_write",
    );
  });
});
