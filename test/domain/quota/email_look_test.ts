import { expect } from "chai";
import { emailLook } from "../../../src/domain/quota/email_look.ts";
import type { BillingAccount } from "../../../src/domain/subscription/billing_account.ts";
import { allowanceOf } from "../../../src/domain/subscription/month.ts";
import { sampleAccount, sampleAccountSubscription } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom, period } from "../../samples/dates.ts";

const NOW = at("2026-03-15T12:00:00Z");

const march = monthsFrom("2026-03-10");

function paid(changes: Partial<BillingAccount> = {}): BillingAccount {
  return sampleAccount({
    revision: 7,
    subscription: sampleAccountSubscription(),
    paidPeriod: { ...march, invoiceId: "in_one", charges: [{ planSlug: "pro", period: march }] },
    ...changes,
  });
}

function decide(account: BillingAccount, now: Date | string = NOW) {
  const moment = typeof now === "string" ? at(now) : now;
  const { look, changesAt } = emailLook(account, sampleCatalog(), { now: moment, graceDays: 14 });
  const { start, end, subscriptionId } = look.month;
  const limit = allowanceOf(look.month, "emails");
  return { period: { start, end }, limit, changesAt, subscriptionId };
}

describe("emailLook", () => {
  it("P33 is the calendar month of the free plan for those who never paid", () => {
    expect(decide(sampleAccount({ revision: 0 }))).to.deep.equal({
      period: monthsFrom("2026-03-01"),
      limit: 1_000,
      subscriptionId: null,
      changesAt: at("2026-04-01"),
    });
  });

  it("P33 is the paid period of the plan", () => {
    expect(decide(paid())).to.deep.include({
      period: march,
      limit: 3_000,
      subscriptionId: "sub_one",
    });
  });

  it("P33 stays in the paid period after its end until the renewal is paid", () => {
    const late = decide(paid(), "2026-04-12");
    expect(late).to.deep.include({ period: march, limit: 3_000 });
    expect(late.changesAt).to.equal(null);
    const april = monthsFrom("2026-04-10");
    const renewed = paid({
      paidPeriod: { ...april, invoiceId: "in_two", charges: [{ planSlug: "pro", period: april }] },
    });
    const next = decide(renewed, "2026-04-12");
    expect(next).to.deep.include({ period: april, limit: 3_000 });
    expect(next.changesAt).to.deep.equal(april.end);
  });

  it("P36 falls to the free plan's calendar month when the grace is over", () => {
    const subscription = sampleAccountSubscription({
      status: "past_due",
      unpaidSince: at("2026-04-10"),
    });
    expect(decide(paid({ subscription }), "2026-04-23T23:59:59Z")).to.deep.include({
      period: march,
      limit: 3_000,
      changesAt: at("2026-04-24"),
    });
    expect(decide(paid({ subscription }), "2026-04-24")).to.deep.include({
      period: monthsFrom("2026-04-01"),
      limit: 1_000,
    });
  });

  it("P26 is a month of a paid year, counted from the anchor", () => {
    const year = monthsFrom("2026-01-31", 12);
    const account = paid({
      subscription: sampleAccountSubscription({
        interval: "year",
        period: year,
        billingCycleAnchor: year.start,
      }),
      paidPeriod: { ...year, invoiceId: "in_one", charges: [{ planSlug: "pro", period: year }] },
    });
    expect(decide(account).period).to.deep.equal(period("2026-02-28", "2026-03-31"));
    expect(decide(account, "2026-04-30").period).to.deep.equal(period("2026-04-30", "2026-05-31"));
  });
});
