import { expect } from "chai";
import { advanceMonths } from "../../../src/domain/quota/advance_months.ts";
import type { MonthLook } from "../../../src/domain/quota/month_look.ts";
import { leftOf, NO_MONTHS } from "../../../src/domain/quota/usage_months.ts";
import { freeMonth, type Month } from "../../../src/domain/subscription/month.ts";
import {
  monthKey,
  monthOfKey,
  tokenMonthFact,
  withMonthlyTokens,
  withReleasedTokens,
} from "../../../src/domain/tokens/token_months.ts";
import { at } from "../../samples/dates.ts";
import { historyCatalog } from "../subscription/simulation/stripe_prices.ts";

const FREE = freeMonth(historyCatalog(), at("2027-01-05"));

function paid(start: string, end: string): Month {
  return {
    ...FREE,
    name: `sub_1:${at(start).toISOString()}`,
    subscriptionId: "sub_1",
    start: at(start),
    end: at(end),
    over: at(end),
    parts: [{ from: at(start), emails: 5_000, tokens: 10_000 }],
    settledAt: at(start),
  };
}

const JAN = paid("2027-01-10", "2027-02-10");
const FEB = paid("2027-02-10", "2027-03-10");

function look(month: Month, months: readonly Month[] = []): MonthLook {
  return {
    measure: "tokens",
    month,
    months,
    goesOn: false,
    subscriptionLives: true,
    knownSince: null,
  };
}

/** Ledger facts of a look, as entries would follow each other. */
function facts(before: typeof NO_MONTHS, target: MonthLook, now: string, monthly: number) {
  let balance = { monthly };
  return advanceMonths(before, target, at(now)).map((step, index) => {
    const fact = tokenMonthFact(step, { balance, seq: 7 + index });
    balance = { monthly: fact.monthly };
    return fact;
  });
}

describe("ledger entries of the months (P23, P25, P26)", () => {
  it("grant a month under its own key and end the one before in the same entry", () => {
    const [free] = facts(NO_MONTHS, look(FREE), "2027-01-05", 0);
    const used = withMonthlyTokens(free?.months ?? NO_MONTHS, 400);
    const [begun] = facts(used, look(JAN, [JAN]), "2027-01-10", 600);
    expect(begun).to.include({
      key: monthKey(JAN.name),
      kind: "grant",
      monthly: 10_000,
      expired: 600,
    });
  });

  it("make good what was missed, one entry for each month, as pack tokens", () => {
    const months = facts(NO_MONTHS, look(FEB, [JAN, FEB]), "2027-02-20", 0);
    expect(months.map(({ key, packTokens, monthly }) => [key, packTokens, monthly])).to.deep.equal([
      [monthKey(JAN.name), 10_000, 0],
      [monthKey(FEB.name), 0, 10_000],
    ]);
  });

  it("have a key of their own for every return, so that months can be left and entered again", () => {
    const jan = facts(NO_MONTHS, look(JAN, [JAN]), "2027-01-10", 0)[0]?.months ?? NO_MONTHS;
    const [away] = facts(withMonthlyTokens(jan, 3_000), look(FREE), "2027-01-12", 7_000);
    const [back] = facts(away?.months ?? NO_MONTHS, look(JAN, [JAN]), "2027-01-13", 1_000);
    expect(back).to.include({ key: "return:7", monthly: 7_000, expired: 1_000 });
  });

  it("give held tokens back to the month that they came from, in force or not", () => {
    const jan = facts(NO_MONTHS, look(JAN, [JAN]), "2027-01-10", 0)[0]?.months ?? NO_MONTHS;
    const held = withMonthlyTokens(jan, 3_000);
    const [away] = facts(held, look(FREE), "2027-01-12", 7_000);
    const released = withReleasedTokens(away?.months ?? NO_MONTHS, JAN.name, 2_000);
    expect(leftOf(released)).to.equal(1_000);
    expect(facts(released, look(JAN, [JAN]), "2027-01-13", 1_000)[0]?.monthly).to.equal(9_000);
  });

  it("begin a month that a clock far ahead had begun under another key when it really comes", () => {
    const far = { ...FREE, name: "free:2036", start: at("2036-01-01"), end: at("2036-02-01") };
    const ahead = facts(NO_MONTHS, look(far), "2036-01-05", 0)[0]?.months ?? NO_MONTHS;
    const healed = facts(ahead, look(FREE), "2027-01-05", 1_000);
    expect(healed.map(({ key, kind, monthly }) => [key, kind, monthly])).to.deep.equal([
      ["heal:7", "reversal", 0],
      [`${monthKey(FREE.name)}:1`, "grant", 1_000],
    ]);
  });

  it("know the months that the previous release has granted, by their keys", () => {
    expect(monthOfKey("grant:sub_1:2027-01-10T00:00:00.000Z")).to.equal(JAN.name);
    expect(monthOfKey("grant:free:2027-01-01T00:00:00.000Z")).to.equal(FREE.name);
    expect(monthOfKey("grant:free-after-sub_1:2027-01-01T00:00:00.000Z")).to.equal(FREE.name);
  });
});
