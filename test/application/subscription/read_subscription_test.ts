import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { countableLimits } from "../../../src/domain/catalog/plan_limits.ts";
import type {
  AccountSubscription,
  BillingAccount,
} from "../../../src/domain/subscription/billing_account.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import {
  owedRenewal,
  paidStanding,
  sampleAccountSubscription,
  TENANT,
} from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";

const march = monthsFrom("2026-03-10");
const calendarMarch = monthsFrom("2026-03-01");
const debts = [owedRenewal(at("2026-03-11"))];
const nothingShown = { scheduledChange: null, nextInvoice: null, paymentMethod: null };

function limits(rank: number) {
  return {
    monthlyEmailLimit: rank * 1_000,
    tokensIncludedMonth: rank * 100,
    ...countableLimits(() => rank),
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
  ended: null,
  tenantEnd: null,
  resumable: false,
  ...nothingShown,
  reason: "not_subscribed",
  graceEndsAt: null,
  owed: null,
  effectivePlanSlug: "free",
  limits: limits(1),
  usage: usage(1_000, calendarMarch.end),
  dueLater: null,
  processing: null,
  upgrade: null,
  nextPlanSlug: "starter",
};

describe("ReadSubscription", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
  });
  afterEach(() => fixture.close());

  function read() {
    return fixture.billing.readSubscription.execute({ tenantId: TENANT });
  }

  function subscribed(
    { status = "active", ...changes }: Partial<AccountSubscription> = {},
    paid = march,
  ): Partial<BillingAccount> {
    const { endedAt = null } = changes;
    const owing = status === "past_due" ? { debts } : {};
    return {
      subscription: sampleAccountSubscription({ status, ...changes }),
      standing: paidStanding(paid, "pro", { status, endedAt, ...owing }),
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
        const last =
          status === "canceled" ? { planSlug: "pro", at: at("2026-03-12"), reason: null } : null;
        const expected = { ...freeView, ended: last, tokens: tokens(100, calendarMarch.end) };
        expect(view).to.deep.equal(expected);
        return;
      }
      expect(view).to.deep.equal({
        planSlug: "pro",
        status,
        ended: null,
        tenantEnd: null,
        resumable: status === "paused",
        interval: "month",
        currentPeriod: march,
        cancelAt: null,
        trialEnd: null,
        ...nothingShown,
        reason:
          status === "past_due" ? "renewal_in_grace" : full ? "in_good_standing" : "not_subscribed",
        graceEndsAt: status === "past_due" ? at("2026-03-25") : null,
        owed: null,
        dueLater: null,
        processing: null,
        effectivePlanSlug: full ? "pro" : "free",
        limits: limits(full ? 3 : 1),
        usage: usage(full ? 3_000 : 1_000, full ? march.end : calendarMarch.end),
        tokens: full ? tokens(300, march.end) : tokens(100, calendarMarch.end),
        upgrade: null,
        nextPlanSlug: status === "active" || status === "trialing" ? "business" : null,
      });
    });
  }

  it("P36 shows the free plan's limits when grace is over, and the plan's once paid", async () => {
    const february = monthsFrom("2026-02-10");
    await fixture.save(subscribed({ status: "past_due" }, february));
    fixture.now = at("2026-03-25");
    expect(await read()).to.deep.include({
      planSlug: "pro",
      status: "past_due",
      graceEndsAt: at("2026-03-25"),
      reason: "renewal_overdue",
      effectivePlanSlug: "free",
      limits: limits(1),
    });
    await fixture.save(subscribed());
    expect((await read()).limits).to.deep.equal(limits(3));
  });

  it("P13 shows a scheduled cancellation and a trial's end", async () => {
    const dates = { cancelAt: march.end, trialEnd: at("2026-03-24") };
    await fixture.save(subscribed({ status: "trialing", ...dates }));
    expect(await read()).to.deep.include({ ...dates, status: "trialing", limits: limits(3) });
  });

  it("P36 shows a subscription of no known plan with the free plan's limits", async () => {
    const standing = paidStanding(march, "pro", { item: null });
    await fixture.save({ ...subscribed({ planSlug: null }), standing });
    expect(await read()).to.deep.include({
      planSlug: null,
      status: "active",
      reason: "no_plan_item",
      limits: limits(1),
    });
  });

  it("P26 grants a month on the way that began unnoticed, once", async () => {
    await read();
    fixture.now = at("2026-05-01");
    await Promise.all([read(), read(), read()]);
    expect(await fixture.ledger()).to.have.length(2);
  });

  it("P32 advises an upgrade to whoever uses most of what the plan gives, and pays", async () => {
    await fixture.save(subscribed());
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

  it("P17 shows what is owed, all of it, with the oldest invoice's date and page", async () => {
    const owed = { currency: "eur", dueAt: at("2026-03-20"), invoiceUrl: "https://pay.example/1" };
    const later = { ...owed, dueAt: null, invoiceUrl: null };
    const payments = [
      { ...owed, invoiceId: "in_owed", amount: 3_000 },
      { ...later, invoiceId: "in_other", amount: 3_000 },
      { ...later, invoiceId: "in_newer", amount: 500 },
    ];
    const more = { invoiceId: "in_newer", cause: "renewal", from: null, since: at("2026-03-12") };
    const standing = paidStanding(march, "pro", { debts: [...debts, more as (typeof debts)[0]] });
    await fixture.save({ ...subscribed({ payments }), standing });
    const view = await read();
    expect(view.owed).to.deep.equal({ ...owed, amount: 3_500, invoiceAmount: 3_000 });
    expect(view.dueLater).to.equal(null);
  });

  it("P17 shows what is invoiced by e-mail before it is due, and not as owed", async () => {
    const due = { currency: "eur", dueAt: at("2026-03-20"), invoiceUrl: "https://pay.example/1" };
    const payments = [{ ...due, invoiceId: "in_later", amount: 3_000 }];
    const debt = {
      invoiceId: "in_later",
      cause: "renewal",
      from: due.dueAt,
      since: due.dueAt,
    } as const;
    const standing = paidStanding(march, "pro", { debts: [debt] });
    await fixture.save({ ...subscribed({ payments }), standing });
    const toPay = { ...due, amount: 3_000, invoiceAmount: 3_000 };
    expect(await read()).to.deep.include({ owed: null, dueLater: toPay });
    fixture.now = due.dueAt;
    expect(await read()).to.deep.include({ owed: toPay, dueLater: null });
  });

  it("P37 shows what an older release knew until somebody has looked", async () => {
    await fixture.addCustomer();
    await fixture.save({ ...subscribed({ status: "trialing" }), standing: null });
    const down = new PortError("Cannot read: no answer", { transient: true });
    fixture.payments.before("read", () => Promise.reject(down));
    expect(await read()).to.deep.include({
      planSlug: "pro",
      status: "trialing",
      effectivePlanSlug: "pro",
      limits: limits(3),
    });
    expect(await fixture.ledger()).to.deep.equal([]);
  });

  it("P44 shows when an operator ends the tenant, and whether that is over", async () => {
    const ending = { at: at("2026-03-20"), refund: null, redact: null };
    const end = async (when: "now" | "period_end") => {
      await fixture.save({ ...subscribed(), ending: { ...ending, when } });
      return (await read()).tenantEnd;
    };
    expect(await end("period_end")).to.deep.equal({ at: at("2026-03-20"), isOver: false });
    fixture.now = at("2026-03-20");
    expect(await end("period_end")).to.deep.equal({ at: at("2026-03-20"), isOver: true });
    expect(await end("now")).to.deep.equal({ at: at("2026-03-20"), isOver: true });
  });

  it("P44 gives an ended tenant the free plan, whatever it pays, and advises no other", async () => {
    const ending = {
      at: at("2026-03-20"),
      when: "period_end",
      refund: null,
      redact: null,
    } as const;
    await fixture.save({ ...subscribed(), ending });
    expect(await read()).to.include({ effectivePlanSlug: "pro", nextPlanSlug: null });
    fixture.now = at("2026-03-20");
    expect(await read()).to.deep.include({
      planSlug: "pro",
      effectivePlanSlug: "free",
      reason: "not_subscribed",
      limits: limits(1),
      upgrade: null,
      nextPlanSlug: null,
    });
  });

  it("P21 asks the provider nothing and changes nothing but tokens", async () => {
    await fixture.addCustomer();
    await fixture.save(subscribed());
    const before = await fixture.account();
    await read();
    expect(fixture.payments.count("read")).to.equal(0);
    expect(await fixture.account()).to.deep.equal(before);
  });
});
