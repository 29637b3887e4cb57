import { expect } from "chai";
import fc from "fast-check";
import {
  decideEmailQuota,
  emailCeiling,
  isOlderDecision,
  quotaAllows,
  quotaResetsAt,
  quotaStatus,
} from "../../../src/domain/quota/email_quota.ts";
import type { BillingAccount } from "../../../src/domain/subscription/billing_account.ts";
import { sampleAccount, sampleAccountSubscription } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom, period } from "../../samples/dates.ts";

const NOW = at("2026-03-15T12:00:00Z");
const RULES = { now: NOW, graceDays: 14, maxAgeMs: 600_000 };

describe("quotaStatus", () => {
  for (const [limit, used, percentage, warning, standing] of [
    [5_000, 420, 8, false, "normal"],
    [100, 0, 0, false, "normal"],
    [100, 79, 79, false, "normal"],
    [100, 80, 80, true, "warning"],
    [100, 99, 99, true, "warning"],
    [100, 100, 100, true, "grace"],
    [100, 109, 109, true, "grace"],
    [100, 110, 110, true, "exhausted"],
    [100, 250, 250, true, "exhausted"],
    [0, 0, 100, true, "exhausted"],
    [0, 7, 100, true, "exhausted"],
    [1, 0, 0, false, "normal"],
    [1, 1, 100, true, "exhausted"],
    [9, 7, 77, false, "normal"],
    [9, 8, 88, true, "warning"],
    [9, 9, 100, true, "exhausted"],
    [10, 8, 80, true, "warning"],
    [10, 10, 100, true, "grace"],
    [10, 11, 110, true, "exhausted"],
    [3, 2, 66, false, "normal"],
    [3, 3, 100, true, "exhausted"],
    [null, 5_000_000, null, false, "normal"],
  ] as const) {
    it(`P32 shows ${used} of ${limit ?? "unlimited"} as ${percentage} %, ${standing}`, () => {
      const ceiling = emailCeiling(limit);
      const expected = { limit, used, percentage, warning, ceiling };
      expect(quotaStatus({ limit, used })).to.deep.equal(expected);
      const isOver = limit !== null && used >= limit;
      expect(isOver).to.equal(standing === "grace" || standing === "exhausted");
      expect(quotaAllows({ limit, used }, 1)).to.equal(standing !== "exhausted");
    });
  }

  it("P32 warns from exactly 80 % on, and rounds down, whatever the numbers", () => {
    const numbers = fc.tuple(
      fc.integer({ min: 1, max: 2 ** 40 }),
      fc.integer({ min: 0, max: 2 ** 40 }),
    );
    fc.assert(
      fc.property(numbers, ([limit, used]) => {
        const { percentage, warning } = quotaStatus({ limit, used });
        const exact = (BigInt(used) * 100n) / BigInt(limit);
        expect(percentage).to.equal(Number(exact));
        expect(warning).to.equal(exact >= 80n);
      }),
    );
  });
});

describe("emailCeiling", () => {
  for (const [limit, ceiling] of [
    [0, 0],
    [1, 1],
    [9, 9],
    [10, 11],
    [11, 12],
    [15, 16],
    [19, 20],
    [20, 22],
    [100, 110],
    [250_000, 275_000],
    [null, null],
  ] as const) {
    it(`P32 is ${ceiling} for a limit of ${limit}`, () => {
      expect(emailCeiling(limit)).to.equal(ceiling);
    });
  }

  it("P32 is 110 % rounded down, without errors of floating point", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (limit) => {
        expect(emailCeiling(limit)).to.equal(Number((BigInt(limit) * 110n) / 100n));
      }),
    );
  });

  it("P31 quotaAllows a batch up to the ceiling and not one more", () => {
    expect(quotaAllows({ limit: 100, used: 90 }, 20)).to.equal(true);
    expect(quotaAllows({ limit: 100, used: 90 }, 21)).to.equal(false);
    expect(quotaAllows({ limit: 0, used: 0 }, 1)).to.equal(false);
    expect(quotaAllows({ limit: null, used: 1e9 }, 100_000)).to.equal(true);
  });
});

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
  return decideEmailQuota(account, sampleCatalog(), { ...RULES, now: moment });
}

describe("decideEmailQuota", () => {
  it("P33 is the calendar month of the free plan for those who never paid", () => {
    expect(decide(sampleAccount({ revision: 0 }))).to.deep.equal({
      period: monthsFrom("2026-03-01"),
      limit: 1_000,
      accountRevision: 0,
      catalogRevision: 1,
      decidedAt: NOW,
      validUntil: at("2026-03-15T12:10:00Z"),
    });
  });

  it("P33 is the paid period of the plan", () => {
    expect(decide(paid())).to.deep.include({ period: march, limit: 3_000, accountRevision: 7 });
  });

  it("P33 stays in the paid period after its end until the renewal is paid", () => {
    const late = decide(paid(), "2026-04-12");
    expect(late).to.deep.include({ period: march, limit: 3_000 });
    expect(quotaResetsAt(late, at("2026-04-12"))).to.equal(null);
    const april = monthsFrom("2026-04-10");
    const renewed = paid({
      paidPeriod: { ...april, invoiceId: "in_two", charges: [{ planSlug: "pro", period: april }] },
    });
    const next = decide(renewed, "2026-04-12");
    expect(next).to.deep.include({ period: april, limit: 3_000 });
    expect(quotaResetsAt(next, at("2026-04-12"))).to.deep.equal(april.end);
  });

  it("P36 falls to the free plan's calendar month when the grace is over", () => {
    const subscription = sampleAccountSubscription({
      status: "past_due",
      unpaidSince: at("2026-04-10"),
    });
    expect(decide(paid({ subscription }), "2026-04-23T23:59:59Z")).to.deep.include({
      period: march,
      limit: 3_000,
      validUntil: at("2026-04-24"),
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

  it("P33 has to be decided again when the period or the grace ends, and after its time", () => {
    expect(decide(paid(), "2026-04-09T23:55:00Z").validUntil).to.deep.equal(march.end);
    expect(decide(paid(), "2026-04-09").validUntil).to.deep.equal(at("2026-04-09T00:10:00Z"));
    const free = decide(sampleAccount(), "2026-03-31T23:59:59Z");
    expect(free.validUntil).to.deep.equal(at("2026-04-01"));
  });

  it("P10 isOlderDecision compares the account, then the catalogue, then the moment", () => {
    const decision = decide(paid());
    for (const newer of [
      { accountRevision: 8, catalogRevision: 0, decidedAt: at("2020-01-01") },
      { catalogRevision: 2, decidedAt: at("2020-01-01") },
      { decidedAt: new Date(+NOW + 1) },
    ]) {
      expect(isOlderDecision(decision, { ...decision, ...newer })).to.equal(true);
      expect(isOlderDecision({ ...decision, ...newer }, decision)).to.equal(false);
    }
    expect(isOlderDecision(decision, { ...decision })).to.equal(false);
  });
});
