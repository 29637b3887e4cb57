import { expect } from "chai";
import { countableLimits } from "../../../../src/domain/catalog/plan_limits.ts";
import { newAccount } from "../../../../src/domain/subscription/billing_account.ts";
import { adminHeaders, useService } from "../../../rig/service_rig.ts";
import { owedRenewal, paidStanding, TENANT } from "../../../samples/account.ts";
import { subscriptionOf, token } from "../../../samples/http.ts";

describe("GET /billing/subscription", () => {
  const service = useService();

  for (const [role, mayPay] of [
    ["OWNER", true],
    ["ADMIN", true],
    ["BILLING", true],
    ["MEMBER", false],
  ] as const) {
    it(`says whether a user may pay: ${role}`, async () => {
      const Authorization = `Bearer ${token({ tenants: [{ id: TENANT, role }] })}`;
      const headers = adminHeaders({ Authorization });
      expect((await service.send("/billing/subscription", { headers })).body).to.include({
        mayPay,
      });
    });
  }

  it("shows a tenant that never paid on the free plan, for the calendar month", async () => {
    const { status, body } = await service.send("/billing/subscription");
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      planSlug: "free",
      effectivePlanSlug: "free",
      reason: "not_subscribed",
      mayPay: true,
      status: "active",
      ended: null,
      tenantEnd: null,
      resumable: false,
      interval: null,
      currentPeriodStart: "2026-06-01T00:00:00.000Z",
      currentPeriodEnd: "2026-07-01T00:00:00.000Z",
      cancelAt: null,
      trialEnd: null,
      graceEndsAt: null,
      scheduledChange: null,
      owed: null,
      dueLater: null,
      processing: null,
      paymentMethod: null,
      nextInvoice: null,
      limits: {
        monthlyEmailLimit: 100,
        tokensIncludedMonth: 0,
        ...countableLimits(() => 1),
        maxMembers: null,
      },
      usage: {
        emails: {
          limit: 100,
          used: 0,
          percentage: 0,
          warning: false,
          ceiling: 110,
          resetsAt: "2026-07-01T00:00:00.000Z",
        },
      },
      tokens: {
        monthly: 0,
        packs: 0,
        debt: 0,
        reserved: 0,
        available: 0,
        monthlyExpiresAt: "2026-07-01T00:00:00.000Z",
      },
      upgrade: null,
      nextPlanSlug: "starter",
    });
  });

  it("shows the subscription with its period and its scheduled end", async () => {
    const { items, cancelAt } = subscriptionOf("past_due");
    await service.store.accounts.save({
      ...newAccount(TENANT),
      customerId: "cus_1",
      subscription: {
        id: "sub_1",
        status: "past_due",
        planSlug: "pro",
        interval: "month",
        period: items[0]?.period ?? { start: new Date(0), end: new Date(0) },
        cancelAt,
        trialEnd: new Date("2026-06-16T10:00:00.000Z"),
        endedAt: null,
        endReason: null,
        collectionMethod: "charge_automatically",
        scheduledChange: {
          planSlug: "starter",
          interval: "month",
          effectiveAt: new Date("2026-07-15T10:00:00.000Z"),
        },
        payments: [
          {
            invoiceId: "in_owed",
            amount: 4_900,
            currency: "eur",
            dueAt: null,
            invoiceUrl: "https://invoice.stripe.com/i/1",
          },
        ],
        processing: { amount: 700, currency: "eur" },
        nextInvoice: { amount: 900, currency: "eur", at: new Date("2026-07-15T10:00:00.000Z") },
        paymentMethod: { brand: "visa", last4: "4242", expMonth: 12, expYear: 2030 },
      },
      lookedAt: new Date("2026-06-20T11:00:00.000Z"),
      standing: paidStanding(
        { start: new Date("2026-05-15T10:00:00.000Z"), end: new Date("2026-06-15T10:00:00.000Z") },
        "pro",
        {
          status: "past_due",
          debts: [owedRenewal(new Date("2026-06-20T10:00:00.000Z"))],
          item: {
            id: "si_1",
            priceId: "price_pro_month",
            planSlug: "pro",
            period: items[0]?.period ?? { start: new Date(0), end: new Date(0) },
          },
        },
      ),
    });
    const { body } = await service.send("/billing/subscription");
    expect(body).to.deep.include({
      planSlug: "pro",
      status: "past_due",
      interval: "month",
      currentPeriodStart: "2026-06-15T10:00:00.000Z",
      currentPeriodEnd: "2026-07-15T10:00:00.000Z",
      cancelAt: "2026-07-15T10:00:00.000Z",
      trialEnd: "2026-06-16T10:00:00.000Z",
      reason: "renewal_in_grace",
      graceEndsAt: "2026-07-04T10:00:00.000Z",
      scheduledChange: {
        planSlug: "starter",
        interval: "month",
        effectiveAt: "2026-07-15T10:00:00.000Z",
      },
      owed: {
        amount: 4_900,
        currency: "eur",
        dueAt: null,
        invoiceUrl: "https://invoice.stripe.com/i/1",
        invoiceAmount: 4_900,
      },
      processing: { amount: 700, currency: "eur" },
      nextInvoice: { amount: 900, currency: "eur", at: "2026-07-15T10:00:00.000Z" },
      paymentMethod: { brand: "visa", last4: "4242", expMonth: 12, expYear: 2030 },
    });
    expect(body).to.have.nested.property("limits.monthlyEmailLimit", 300);
  });

  it("may be read by every member, whatever the role", async () => {
    const tenants = [{ id: TENANT, role: "MEMBER" }];
    const headers = adminHeaders({ Authorization: `Bearer ${token({ tenants })}` });
    expect((await service.send("/billing/subscription", { headers })).status).to.equal(200);
  });
});
