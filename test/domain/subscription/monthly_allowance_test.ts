import { expect } from "chai";
import type {
  AccountSubscription,
  BillingAccount,
  Charge,
} from "../../../src/domain/subscription/billing_account.ts";
import { addMonths, type Period } from "../../../src/domain/subscription/billing_period.ts";
import { monthlyAllowance } from "../../../src/domain/subscription/entitlement.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { sampleAccount, sampleAccountSubscription } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom, period } from "../../samples/dates.ts";

const march = monthsFrom("2026-03-10");
const unpaidSince = at("2026-04-10T01:00:00Z");

function allowance(account: BillingAccount, now: string) {
  return monthlyAllowance(account, sampleCatalog(), { now: at(now), graceDays: 14 });
}

function paidAccount(
  changes: Partial<AccountSubscription> = {},
  paid: Period = march,
  charges: readonly Charge[] = [{ planSlug: "pro", period: paid }],
): BillingAccount {
  const subscription = sampleAccountSubscription(changes);
  return sampleAccount({ subscription, paidPeriod: { ...paid, invoiceId: "in_one", charges } });
}

const proInMarch = {
  key: "grant:sub_one:2026-03-10T00:00:00.000Z",
  tokens: 300,
  period: march,
  source: "invoice:in_one",
};

function freeIn(month: string, origin = "free") {
  const covered = monthsFrom(month);
  return {
    key: `grant:${origin}:${covered.start.toISOString()}`,
    tokens: 100,
    period: covered,
    source: null,
  };
}

describe("monthlyAllowance: monthly plans", () => {
  it("P24 is the plan's tokens for the paid month", () => {
    expect(allowance(paidAccount(), "2026-03-10")).to.deep.equal(proInMarch);
    expect(allowance(paidAccount(), "2026-04-09T23:59:59Z")).to.deep.equal(proInMarch);
  });

  it("P24, P33 stays that of the old month while the renewal is on its way", () => {
    const rolled = { period: monthsFrom("2026-04-10") };
    expect(allowance(paidAccount(rolled), "2026-04-10T00:30:00Z")).to.deep.equal(proInMarch);
    const unpaid = { status: "past_due" as const, unpaidSince };
    expect(allowance(paidAccount(unpaid), "2026-04-23")).to.deep.equal(proInMarch);
  });

  it("P36 falls to the free plan's calendar month when grace is over", () => {
    const unpaid = { status: "past_due" as const, unpaidSince };
    expect(allowance(paidAccount(unpaid), "2026-04-24T01:00:00Z")).to.deep.equal(
      freeIn("2026-04-01", "free-after-sub_one"),
    );
  });

  for (const status of SUBSCRIPTION_STATUSES.filter((one) => one !== "canceled")) {
    it(`P19 keeps what is paid for to its end while ${status}`, () => {
      const account = paidAccount({ status, unpaidSince: at("2020-01-01") });
      expect(allowance(account, "2026-04-09")).to.deep.equal(proInMarch);
    });
  }

  for (const status of ["unpaid", "paused", "incomplete"] as const) {
    it(`P36 ends with the paid month while ${status}`, () => {
      expect(allowance(paidAccount({ status }), "2026-04-10")).to.deep.equal(
        freeIn("2026-04-01", "free-after-sub_one"),
      );
    });
  }

  it("P36 ends with a subscription that was canceled at once, within the paid month", () => {
    const ended = { status: "canceled" as const, endedAt: at("2026-03-15") };
    expect(allowance(paidAccount(ended), "2026-03-16")).to.deep.equal(
      freeIn("2026-03-01", "free-after-sub_one"),
    );
  });

  it("P19 lasts through a cancellation that is only scheduled", () => {
    expect(allowance(paidAccount({ cancelAt: march.end }), "2026-04-01")).to.deep.equal(proInMarch);
  });

  it("P33 is the free plan's per calendar month for those who never subscribed", () => {
    expect(allowance(sampleAccount(), "2026-03-31T23:59:59Z")).to.deep.equal(freeIn("2026-03-01"));
    expect(allowance(sampleAccount(), "2026-04-01")).to.deep.equal(freeIn("2026-04-01"));
  });

  it("P33 is the free plan's before the first payment of a subscription", () => {
    const account = { ...paidAccount({ status: "incomplete" }), paidPeriod: null };
    expect(allowance(account, "2026-03-11")).to.deep.equal(
      freeIn("2026-03-01", "free-after-sub_one"),
    );
  });

  it("P24 is nothing for a paid month that charged for no plan", () => {
    expect(allowance(paidAccount({}, march, []), "2026-03-11").tokens).to.equal(0);
    const unknown = [{ planSlug: "gone", period: march }];
    expect(allowance(paidAccount({}, march, unknown), "2026-03-11").tokens).to.equal(0);
  });
});

describe("monthlyAllowance: upgrades and downgrades within a month", () => {
  const restOfMarch = period("2026-03-20", "2026-04-10");
  const pro = { planSlug: "pro", period: march };
  const business = { planSlug: "business", period: restOfMarch };
  const starter = { planSlug: "starter", period: restOfMarch };

  it("P24 is the largest of the plans that were paid for, under the same key", () => {
    expect(allowance(paidAccount({}, march, [business, pro]), "2026-03-21")).to.deep.equal({
      ...proInMarch,
      tokens: 400,
    });
  });

  it("P19, P24 is not smaller after a downgrade", () => {
    const account = paidAccount({ planSlug: "starter" }, march, [starter, pro]);
    expect(allowance(account, "2026-03-21")).to.deep.equal(proInMarch);
  });

  it("P24 gains nothing from a loop of downgrades and upgrades", () => {
    const loop = [business, starter, business, starter, business, pro];
    expect(allowance(paidAccount({}, march, loop), "2026-03-21").tokens).to.equal(400);
  });
});

describe("monthlyAllowance: annual plans", () => {
  const anchor = at("2026-01-31");
  const year = { start: anchor, end: addMonths(anchor, 12) };
  const yearly = { interval: "year" as const, billingCycleAnchor: anchor, period: year };

  it("P26 grants the paid year month by month, each under its own key", () => {
    const keys = new Set<string>();
    for (let month = 0; month < 12; month += 1) {
      const start = addMonths(anchor, month);
      const given = allowance(paidAccount(yearly, year), start.toISOString());
      expect(given).to.deep.equal({
        key: `grant:sub_one:${start.toISOString()}`,
        tokens: 300,
        period: { start, end: addMonths(anchor, month + 1) },
        source: "invoice:in_one",
      });
      keys.add(given.key);
    }
    expect(keys.size).to.equal(12);
  });

  it("P26 opens no thirteenth month while the renewal is late", () => {
    const lastMonth = allowance(paidAccount(yearly, year), "2027-01-30");
    expect(allowance(paidAccount(yearly, year), "2027-02-10")).to.deep.equal(lastMonth);
  });

  it("P24 gives an upgrade's tokens from the month it is paid in, not before", () => {
    const business = { planSlug: "business", period: period("2026-06-15", "2027-01-31") };
    const pro = { planSlug: "pro", period: year };
    const account = paidAccount(yearly, year, [business, pro]);
    expect(allowance(account, "2026-05-01").tokens).to.equal(300);
    expect(allowance(account, "2026-06-20").tokens).to.equal(400);
    expect(allowance(account, "2026-07-10").tokens).to.equal(400);
  });

  it("P26, P36 keeps the year's last month while a first monthly renewal is on its way", () => {
    const lastMonth = allowance(paidAccount(yearly, year), "2027-01-30");
    const rolled = { ...yearly, interval: "month" as const, period: monthsFrom("2027-01-31") };
    expect(allowance(paidAccount(rolled, year), "2027-01-31T00:30:00Z")).to.deep.equal(lastMonth);
  });

  it("P24 grants a trial once, also where it spans the anchor's day in two months", () => {
    const trial = period("2026-01-31", "2026-03-02");
    const onTrial = { ...yearly, status: "trialing" as const, billingCycleAnchor: trial.end };
    const start = allowance(paidAccount(onTrial, trial), "2026-01-31");
    expect(start.period).to.deep.equal(trial);
    expect(allowance(paidAccount(onTrial, trial), "2026-02-20")).to.deep.equal(start);
  });
});
