import { expect } from "chai";
import { SUBSCRIPTION_STATUSES } from "../../../../src/domain/subscription/subscription.ts";
import { subscribe, useService } from "../../../rig/service_rig.ts";
import { CHECKOUT, subscriptionOf } from "../../../samples/http.ts";

describe("GET /billing/checkout/preview", () => {
  const service = useService();

  function preview(query: string) {
    return service.send(`/billing/checkout/preview${query}`);
  }

  it("P19 says what is due now and next, and when the plan takes effect", async () => {
    const { status, body } = await preview("?planSlug=pro&interval=month");
    expect(status).to.equal(200);
    expect(body).to.have.all.keys(
      "planSlug",
      "interval",
      "mode",
      "effective",
      "effectiveAt",
      "dueNow",
      "lines",
      "tax",
      "balanceApplied",
      "nextPayment",
      "nextPaymentAt",
      "currency",
      "trialDays",
    );
    expect(body).to.deep.include({
      planSlug: "pro",
      mode: "checkout",
      effective: "now",
      dueNow: 4_900,
      nextPayment: 4_900,
      currency: "eur",
    });
    expect(service.payments.customers.size, "P19 nothing is changed").to.equal(0);
  });

  it("P19 asks the provider for what an upgrade costs", async () => {
    await service.send("/billing/checkout", { body: CHECKOUT });
    const subscription = subscriptionOf("active");
    subscribe(service, { ...subscription, cancelAt: null });
    service.payments.preview = { ...service.payments.preview, dueNow: 1_200 };
    const { status, body } = await preview("?planSlug=starter");
    expect(status).to.equal(200);
    expect(body).to.deep.include({ mode: "portal", dueNow: 1_200, effective: "now" });
  });

  const refusals: [string, string, number, string][] = [
    ["no plan", "", 400, "invalid_query"],
    ["an unknown parameter", "?planSlug=pro&price=1", 400, "invalid_query"],
    ["an unknown interval", "?planSlug=pro&interval=day", 400, "invalid_query"],
    ["an unknown plan", "?planSlug=gold", 404, "unknown_plan"],
    ["the free plan", "?planSlug=free", 422, "plan_not_purchasable"],
  ];
  for (const [what, query, status, code] of refusals) {
    it(`P20 answers ${status} for ${what}`, async () => {
      const received = await preview(query);
      expect([received.status, received.body.code]).to.deep.equal([status, code]);
    });
  }

  const live = SUBSCRIPTION_STATUSES.filter((s) => s !== "canceled" && s !== "incomplete_expired");
  for (const status of live) {
    const good = status === "active" || status === "trialing";
    it(`P17 answers 409 beside a subscription that is ${status}, and says why`, async () => {
      await service.send("/billing/checkout", { body: CHECKOUT });
      subscribe(service, { ...subscriptionOf(status), cancelAt: null });
      const same = await preview("?planSlug=pro");
      const code = good ? "already_on_plan" : "payment_required_first";
      expect([same.status, same.body.code]).to.deep.equal([409, code]);
    });
  }

  it("P19 answers 409 while an end or another change is scheduled", async () => {
    await service.send("/billing/checkout", { body: CHECKOUT });
    subscribe(service, subscriptionOf("active"));
    expect((await preview("?planSlug=starter")).body.code).to.equal("subscription_ending");
    const scheduledChangeAt = new Date("2026-07-15T10:00:00.000Z");
    subscribe(service, { ...subscriptionOf("active"), cancelAt: null, scheduledChangeAt });
    expect((await preview("?planSlug=starter")).body.code).to.equal("change_scheduled");
  });
});
