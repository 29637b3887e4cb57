import { expect } from "chai";
import type { StartCheckoutOutcome } from "../../../../src/application/checkout/start_checkout.ts";
import { SUBSCRIPTION_STATUSES } from "../../../../src/domain/subscription/subscription.ts";
import { startTestService, subscribe, useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { CHECKOUT, subscriptionOf } from "../../../samples/http.ts";

describe("POST /billing/checkout", () => {
  const service = useService();
  const checkout = (body: unknown) => service.send("/billing/checkout", { body });

  it("answers with the URL of a Checkout for the tenant's own customer", async () => {
    const { status, body } = await checkout({ ...CHECKOUT, interval: "month" });
    expect(status).to.equal(200);
    expect(body).to.deep.equal({ url: "https://pay.example/cs_1", mode: "checkout" });
    expect(service.payments.checkouts[0]?.request).to.include({
      tenantId: TENANT,
      customerId: "cus_1",
      priceId: "price_pro_month",
    });
    expect(service.payments.customers.get("cus_1")).to.include({ tenantId: TENANT });
  });

  const bad: [string, unknown, string][] = [
    ["no plan", { ...CHECKOUT, planSlug: undefined }, "planSlug"],
    ["a plan that is no string", { ...CHECKOUT, planSlug: { $ne: null } }, "planSlug"],
    ["an empty plan", { ...CHECKOUT, planSlug: "" }, "planSlug"],
    ["a list for a URL", { ...CHECKOUT, successUrl: [CHECKOUT.successUrl] }, "successUrl"],
    ["an unknown interval", { ...CHECKOUT, interval: "week" }, "interval"],
    ["a token pack", { ...CHECKOUT, packSlug: "growth" }, "packSlug"],
    ["a price of the caller's", { ...CHECKOUT, amount: 1 }, "amount"],
    ["a tenant of the caller's", { ...CHECKOUT, tenantId: "clother0002" }, "tenantId"],
    ["no object", [CHECKOUT], ""],
  ];
  for (const [what, body, field] of bad) {
    it(`refuses ${what} and names the field`, async () => {
      const received = await checkout(body);
      expect(received.status).to.equal(400);
      expect(received.body.code).to.equal("invalid_body");
      expect(received.body).to.have.nested.property("details[0].field", field);
      expect(service.payments.checkouts).to.have.length(0);
    });
  }

  it("asks for the body when there is none", async () => {
    const { status, body } = await service.send("/billing/checkout", { method: "POST" });
    expect([status, body.code]).to.deep.equal([400, "body_missing"]);
  });

  const redirects = [
    "https://evil.example/",
    "//evil.example/",
    "/billing/success",
    "https:evil.example",
    "https:///evil.example",
    "https://app.example.com@evil.example/",
    "https://user:pass@app.example.com/",
    "https://app.example.com.evil.example/",
    "https://evil.example/https://app.example.com",
    "https://evil.example\\@app.example.com/",
    "https:\\\\app.example.com/",
    "https://app.example.com\\.evil.example/",
    "https://app.example.com:444/",
    "http://app.example.com/",
    "https://аpp.example.com/",
    "https://app%2eexample.com/",
    "https://app.example.com/\r\nSet-Cookie: a=b",
    " https://app.example.com/",
    "javascript:alert(1)",
    "data:text/html,hello",
    "http://127.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "https://2130706433/",
    "https://[::ffff:7f00:1]/",
    "https://APP.example.com/",
  ];
  for (const successUrl of redirects) {
    it(`P20 refuses to redirect to ${JSON.stringify(successUrl)}`, async () => {
      const { status, body } = await checkout({ ...CHECKOUT, successUrl });
      expect([status, body.code]).to.deep.equal([400, "invalid_redirect"]);
      expect(body).to.have.nested.property("details[0].field", "successUrl");
      expect(service.payments.checkouts).to.have.length(0);
    });
  }

  it("P20 reports both redirect targets at once", async () => {
    const evil = "https://evil.example/";
    const { body } = await checkout({ ...CHECKOUT, successUrl: evil, cancelUrl: evil });
    expect(body.details).to.have.length(2);
    expect(body).to.have.nested.property("details[1].field", "cancelUrl");
  });

  const refusals: [string, object, number, string][] = [
    ["a plan that does not exist", { planSlug: "gold" }, 404, "unknown_plan"],
    ["the free plan", { planSlug: "free" }, 422, "plan_not_purchasable"],
    ["a plan that is no longer offered", { planSlug: "legacy" }, 422, "plan_not_purchasable"],
    ["an interval without a price", { interval: "year" }, 422, "plan_not_purchasable"],
  ];
  for (const [what, changes, status, code] of refusals) {
    it(`answers ${status} for ${what}`, async () => {
      const received = await checkout({ ...CHECKOUT, ...changes });
      expect([received.status, received.body.code]).to.deep.equal([status, code]);
    });
  }

  const live = SUBSCRIPTION_STATUSES.filter(
    (s) => s !== "canceled" && s !== "incomplete_expired" && s !== "paused",
  );
  for (const status of live) {
    const good = status === "active" || status === "trialing";
    it(`P17 leads to the Portal beside a subscription that is ${status}`, async () => {
      await checkout(CHECKOUT);
      subscribe(service, { ...subscriptionOf(status), cancelAt: null });
      const other = await checkout({ ...CHECKOUT, planSlug: "starter" });
      expect(other.status).to.equal(200);
      expect(other.body).to.deep.include({
        url: "https://portal.example/1",
        mode: "portal",
        purpose: good ? "confirm_change" : "fix_payment",
      });
      expect(other.body.effective).to.equal(good ? "now" : undefined);
      const same = await checkout(CHECKOUT);
      expect(good ? [same.status, same.body.code] : same.body.purpose).to.deep.equal(
        good ? [409, "already_on_plan"] : "fix_payment",
      );
    });
  }

  it("answers 409 when another checkout has taken over", async () => {
    const superseded: StartCheckoutOutcome = { type: "superseded" };
    const other = await startTestService({
      billing: (billing) => {
        const { startCheckout } = billing;
        startCheckout.execute = async () => superseded;
        return { ...billing, startCheckout };
      },
    });
    const { status, body } = await other.send("/billing/checkout", { body: CHECKOUT });
    await other.close();
    expect([status, body.code]).to.deep.equal([409, "checkout_superseded"]);
  });
});
