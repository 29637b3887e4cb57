import { expect } from "chai";
import type { CheckoutRequest } from "../../../../src/application/ports/subscription/payment_gateway.ts";
import { NO_PAPERWORK } from "../../../samples/catalog.ts";
import { connected } from "../connected.ts";
import { fixture, page } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";
import { rejectionOf } from "../rejection_of.ts";

const SESSIONS = "/v1/checkout/sessions";
const SESSION = "cs_test_a1QvAcme";
const PORTAL = "/v1/billing_portal/sessions";
const REFUSED = {
  status: 400,
  body: { error: { type: "invalid_request_error", message: "Only open sessions can be expired" } },
};
const REQUEST: CheckoutRequest = {
  tenantId: "acme_mail",
  customerId: "cus_QvAcme",
  attempt: 4,
  priceId: "price_1QvProMonthly",
  planSlug: "pro",
  interval: "month",
  successUrl: "https://app.example.com/done?session={CHECKOUT_SESSION_ID}",
  cancelUrl: "https://app.example.com/billing",
  expiresAt: new Date("2026-09-01T10:15:00.900Z"),
  trialDays: null,
  paperwork: NO_PAPERWORK,
};

describe("StripePaymentGateway Checkout", () => {
  const api = useRecordedApi();
  const { gateway } = connected();

  it("P20 P22 createCheckout sends one plan's price under the given key, no more", async () => {
    api.answer("POST", SESSIONS, { body: fixture("checkout_session") });
    expect(await gateway.createCheckout(REQUEST, "checkout-acme_mail-4")).to.deep.equal({
      id: SESSION,
      url: "https://checkout.stripe.com/c/pay/cs_test_a1QvAcme",
      attempt: 4,
    });
    const { form, headers } = api.single();
    expect(form).to.deep.equal({
      mode: "subscription",
      customer: "cus_QvAcme",
      client_reference_id: "acme_mail",
      "line_items[0][price]": "price_1QvProMonthly",
      "line_items[0][quantity]": "1",
      success_url: "https://app.example.com/done?session={CHECKOUT_SESSION_ID}",
      cancel_url: "https://app.example.com/billing",
      expires_at: "1788257700",
      "metadata[tenantId]": "acme_mail",
      "metadata[attempt]": "4",
      "metadata[planSlug]": "pro",
      "metadata[interval]": "month",
      "subscription_data[metadata][tenantId]": "acme_mail",
      "automatic_tax[enabled]": "false",
      "adaptive_pricing[enabled]": "false",
      "managed_payments[enabled]": "false",
    });
    expect(headers.get("idempotency-key")).to.equal("checkout-acme_mail-4");
  });

  it("createCheckout names a trial's days only where there is one", async () => {
    api.answer("POST", SESSIONS, { body: fixture("checkout_session") });
    await gateway.createCheckout({ ...REQUEST, trialDays: 14 }, "key");
    expect(api.single().form).to.include({ "subscription_data[trial_period_days]": "14" });
  });

  it("createCheckout fails where nobody can be sent to the session", async () => {
    api.answer("POST", SESSIONS, { body: fixture("checkout_session", { url: null }) });
    const error = await rejectionOf(gateway.createCheckout(REQUEST, "key"));
    expect(error.message).to.equal(
      'Cannot read checkout.session "cs_test_a1QvAcme": url is missing',
    );
  });

  it("P18 openCheckouts answers all open subscription Checkouts with their attempts", async () => {
    const ours = fixture("checkout_session");
    const sessions = [
      fixture("checkout_session", { id: "cs_pack", mode: "payment" }),
      fixture("checkout_session", { id: "cs_embedded", url: null }),
      fixture("checkout_session", { id: "cs_plain", metadata: {} }),
      fixture("checkout_session", { id: "cs_foreign", metadata: { attempt: "9" } }),
      fixture("checkout_session", { id: "cs_odd", metadata: { tenantId: "a", attempt: "x" } }),
    ];
    api.answer("GET", SESSIONS, { body: page(sessions, true) });
    api.answer("GET", SESSIONS, { body: page([ours]) });
    const { url } = fixture("checkout_session");
    expect(await gateway.openCheckouts("cus_QvAcme")).to.deep.equal([
      { id: "cs_plain", url, attempt: null },
      { id: "cs_foreign", url, attempt: null },
      { id: "cs_odd", url, attempt: null },
      { id: SESSION, url, attempt: 4 },
    ]);
    expect(api.requests.map(({ query }) => query)).to.deep.equal([
      { customer: "cus_QvAcme", status: "open", limit: "100" },
      { customer: "cus_QvAcme", status: "open", limit: "100", starting_after: "cs_odd" },
    ]);
  });

  it("expireCheckout closes an open session", async () => {
    const body = fixture("checkout_session", { status: "expired", url: null });
    api.answer("POST", `${SESSIONS}/${SESSION}/expire`, { body });
    await gateway.expireCheckout(SESSION);
    expect(api.single().form).to.deep.equal({});
  });

  for (const status of ["complete", "expired"]) {
    it(`P18 expireCheckout leaves a session alone that is ${status}`, async () => {
      api.answer("POST", `${SESSIONS}/${SESSION}/expire`, REFUSED);
      const body = fixture("checkout_session", { status, url: null });
      api.answer("GET", `${SESSIONS}/${SESSION}`, { body });
      await gateway.expireCheckout(SESSION);
      expect(api.requests).to.have.lengthOf(2);
    });
  }

  it("expireCheckout fails where the session stays open, or cannot be told", async () => {
    api.answer("POST", `${SESSIONS}/${SESSION}/expire`, REFUSED);
    api.answer("GET", `${SESSIONS}/${SESSION}`, { body: fixture("checkout_session") });
    const refused = await rejectionOf(gateway.expireCheckout(SESSION));
    expect(refused.message).to.equal(`Cannot expire Checkout "${SESSION}": Stripe refused it`);
    api.answer("POST", `${SESSIONS}/${SESSION}/expire`, { ...REFUSED, status: 500 });
    const failed = await rejectionOf(gateway.expireCheckout(SESSION));
    expect(failed.transient).to.equal(true);
  });

  const flows = [
    [null, {}],
    [{ type: "payment_method_update" }, { "flow_data[type]": "payment_method_update" }],
    [
      { type: "subscription_cancel", subscriptionId: "sub_1QvEndive" },
      {
        "flow_data[type]": "subscription_cancel",
        "flow_data[subscription_cancel][subscription]": "sub_1QvEndive",
      },
    ],
  ] as const;
  for (const [flow, form] of flows) {
    it(`createPortalSession opens the Portal for ${flow?.type ?? "its home"}`, async () => {
      api.answer("POST", PORTAL, { body: fixture("portal_session") });
      const request = {
        customerId: "cus_QvAcme",
        configurationId: "bpc_1Qv",
        returnUrl: "https://app.example.com/billing",
        flow,
      };
      expect(await gateway.createPortalSession(request)).to.deep.equal({
        url: "https://billing.stripe.com/p/session/test_QvAcme",
      });
      expect(api.single().form).to.deep.equal({
        customer: "cus_QvAcme",
        configuration: "bpc_1Qv",
        return_url: "https://app.example.com/billing",
        ...form,
      });
      expect(api.single().headers.get("idempotency-key")).to.match(/^portal-[0-9a-f-]{36}$/);
    });
  }
});
