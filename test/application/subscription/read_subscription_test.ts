import { expect } from "chai";
import type {
  AccountSubscription,
  BillingAccount,
} from "../../../src/domain/subscription/billing_account.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { sampleAccountSubscription, TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";

const march = monthsFrom("2026-03-10");
const calendarMarch = monthsFrom("2026-03-01");
const unpaidSince = at("2026-03-11");

function limits(rank: number) {
  return {
    monthlyEmailLimit: rank * 1_000,
    tokensIncludedMonth: rank * 100,
    maxDomains: rank,
    maxMembers: rank,
    maxTemplates: rank,
  };
}

function usage(limit: number, resetsAt: Date) {
  const standing = { used: 0, percentage: 0, warning: false, ceiling: (limit * 11) / 10 };
  return { emails: { limit, ...standing, resetsAt } };
}

const freeView = {
  planSlug: "free",
  status: "active",
  interval: null,
  currentPeriod: calendarMarch,
  cancelAt: null,
  trialEnd: null,
  graceEndsAt: null,
  effectivePlanSlug: "free",
  limits: limits(1),
  usage: usage(1_000, calendarMarch.end),
  upgrade: null,
  nextPlanSlug: "starter",
};

describe("ReadSubscription", () => {
  const fixture = useBilling();

  function read() {
    return fixture.billing.readSubscription.execute({ tenantId: TENANT });
  }

  function subscribed(changes: Partial<AccountSubscription> = {}): Partial<BillingAccount> {
    return {
      subscription: sampleAccountSubscription({ unpaidSince, ...changes }),
      paidPeriod: { ...march, invoiceId: "in_one", charges: [{ planSlug: "pro", period: march }] },
    };
  }

  function tokens(monthly: number, monthlyExpiresAt: Date) {
    return { monthly, packs: 0, debt: 0, reserved: 0, available: monthly, monthlyExpiresAt };
  }

  it("P33 shows a tenant that never paid on the free plan, per calendar month", async () => {
    expect(await read()).to.deep.equal({ ...freeView, tokens: tokens(100, calendarMarch.end) });
  });

  for (const status of SUBSCRIPTION_STATUSES) {
    const ended = status === "canceled" || status === "incomplete_expired";
    const full = status === "active" || status === "trialing" || status === "past_due";
    it(`P36 shows ${ended ? "the free plan" : "the plan"} while ${status}`, async () => {
      await fixture.save(subscribed({ status, endedAt: ended ? at("2026-03-12") : null }));
      const view = await read();
      if (ended) {
        expect(view).to.deep.equal({ ...freeView, tokens: tokens(100, calendarMarch.end) });
        return;
      }
      expect(view).to.deep.equal({
        planSlug: "pro",
        status,
        interval: "month",
        currentPeriod: march,
        cancelAt: null,
        trialEnd: null,
        graceEndsAt: status === "past_due" ? at("2026-03-25") : null,
        effectivePlanSlug: full ? "pro" : "free",
        limits: limits(full ? 3 : 1),
        usage: usage(full ? 3_000 : 1_000, march.end),
        tokens: tokens(300, march.end),
        upgrade: null,
        nextPlanSlug: status === "active" || status === "trialing" ? "business" : null,
      });
    });
  }

  it("P36 shows the free plan's limits when grace is over, and the plan's once paid", async () => {
    const february = monthsFrom("2026-02-10");
    const charges = [{ planSlug: "pro", period: february }];
    const paidPeriod = { ...february, invoiceId: "in_one", charges };
    await fixture.save({ ...subscribed({ status: "past_due" }), paidPeriod });
    fixture.now = at("2026-03-25");
    expect(await read()).to.deep.include({
      planSlug: "pro",
      status: "past_due",
      graceEndsAt: at("2026-03-25"),
      effectivePlanSlug: "free",
      limits: limits(1),
    });
    await fixture.save(subscribed({ status: "active", unpaidSince: null }));
    expect((await read()).limits).to.deep.equal(limits(3));
  });

  it("P13 shows a scheduled cancellation and a trial's end", async () => {
    const dates = { cancelAt: march.end, trialEnd: at("2026-03-24") };
    await fixture.save(subscribed({ status: "trialing", ...dates }));
    expect(await read()).to.deep.include({ ...dates, status: "trialing", limits: limits(3) });
  });

  it("P36 shows a subscription of no known plan with the free plan's limits", async () => {
    await fixture.save(subscribed({ planSlug: null }));
    expect(await read()).to.deep.include({ planSlug: null, status: "active", limits: limits(1) });
  });

  it("P26 grants a month on the way that began unnoticed, once", async () => {
    await read();
    fixture.now = at("2026-05-01");
    await Promise.all([read(), read(), read()]);
    expect(await fixture.ledger()).to.have.length(2);
  });

  it("P32 advises an upgrade to whoever uses most of what the plan gives, and pays", async () => {
    await fixture.save(subscribed({ status: "active", unpaidSince: null }));
    await read();
    const spend = { tenantId: TENANT, key: "call-1", tokens: 250 };
    await fixture.billing.spendTokens.execute(spend);
    expect((await read()).upgrade).to.deep.equal({
      planSlug: "business",
      reasons: ["tokens_over_80_percent"],
    });
    await fixture.save(subscribed({ status: "past_due" }));
    expect((await read()).upgrade).to.equal(null);
  });

  it("P21 asks the provider nothing and changes nothing but tokens", async () => {
    await fixture.save({ customerId: "cus_one", ...subscribed() });
    const before = await fixture.account();
    await read();
    expect(fixture.payments.count("subscriptions")).to.equal(0);
    expect(await fixture.account()).to.deep.equal(before);
  });
});
