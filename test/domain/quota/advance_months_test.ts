import { expect } from "chai";
import {
  advancedMonths,
  advanceMonths,
  monthsSettledLate,
} from "../../../src/domain/quota/advance_months.ts";
import type { MonthLook } from "../../../src/domain/quota/month_look.ts";
import {
  currentMonth,
  leftOf,
  NO_MONTHS,
  type UsageMonths,
  useIn,
} from "../../../src/domain/quota/usage_months.ts";
import type { Month } from "../../../src/domain/subscription/month.ts";
import { at } from "../../samples/dates.ts";

const LEAST = { emails: 100, tokens: 1_000 };

function month(start: string, end: string, tokens: number, changes: Partial<Month> = {}): Month {
  const from = at(start);
  return {
    name: `sub_1:${from.toISOString()}`,
    subscriptionId: "sub_1",
    start: from,
    end: at(end),
    over: at(end),
    parts: [{ from, emails: tokens / 2, tokens }],
    least: LEAST,
    inherits: null,
    creditedFrom: null,
    settledAt: from,
    ...changes,
  };
}

function free(start: string, end: string): Month {
  const name = `free:${at(start).toISOString()}`;
  return { ...month(start, end, 1_000), name, subscriptionId: null, settledAt: null };
}

const JAN = month("2027-01-01", "2027-02-01", 10_000);
const FEB = month("2027-02-01", "2027-03-01", 10_000);
const MAR = month("2027-03-01", "2027-04-01", 10_000);
const FREE_JAN = free("2027-01-01", "2027-02-01");
const FREE_FEB = free("2027-02-01", "2027-03-01");

function look(
  target: Month,
  months: readonly Month[],
  changes: Partial<MonthLook> = {},
): MonthLook {
  return {
    measure: "tokens",
    month: target,
    months,
    goesOn: false,
    subscriptionLives: true,
    knownSince: null,
    ...changes,
  };
}

function begin(target: Month, months: readonly Month[], now: string, before = NO_MONTHS) {
  return advancedMonths(before, look(target, months), at(now));
}

/** January's tokens are spent; from the 11th its time is credited and a smaller month runs. */
function creditedAndSpent() {
  const credited = { ...JAN, over: at("2027-01-11"), creditedFrom: at("2027-01-11") };
  const inherits = { month: JAN.name, creditedFrom: at("2027-01-11"), replaced: [] };
  const small = month("2027-01-11", "2027-02-11", 5_000, { inherits });
  const next = month("2027-02-11", "2027-03-11", 5_000);
  const spent = use(begin(JAN, [JAN], "2027-01-01"), 10_000);
  const first = begin(small, [credited, small], "2027-01-11", spent);
  return { credited, small, next, first };
}

function use(usage: UsageMonths, amount: number): UsageMonths {
  return useIn(usage, usage.current, amount);
}

describe("months from one look to the next (P25, P26)", () => {
  it("begins a month once, with its whole allowance", () => {
    const used = use(begin(JAN, [JAN], "2027-01-01"), 4_000);
    expect(advanceMonths(used, look(JAN, [JAN]), at("2027-01-02"))).to.deep.equal([]);
    expect(leftOf(used)).to.equal(6_000);
  });

  it("begins the next month anew and lets what is left of the old one go", () => {
    const used = use(begin(JAN, [JAN], "2027-01-01"), 4_000);
    expect(leftOf(begin(FEB, [JAN, FEB], "2027-02-01", used))).to.equal(10_000);
  });

  it("changes nothing by a look of a clock that is behind, across a month's end and within", () => {
    const feb = use(begin(FEB, [JAN, FEB], "2027-02-01", begin(JAN, [JAN], "2027-01-01")), 10);
    for (const target of [JAN, FREE_JAN]) {
      expect(advancedMonths(feb, look(target, [JAN, FEB]), at("2027-01-31T23:59:55Z"))).to.equal(
        feb,
      );
    }
    const late = advancedMonths(feb, look(JAN, [JAN, FEB]), at("2027-02-01T00:00:01Z"));
    expect(late).to.equal(feb);
  });

  it("comes back with what was left, whatever was looked at in between", () => {
    const jan = use(begin(JAN, [JAN], "2027-01-01"), 4_000);
    const away = use(advancedMonths(jan, look(FREE_JAN, []), at("2027-01-05")), 300);
    const back = advancedMonths(away, look(JAN, [JAN]), at("2027-01-06"));
    expect(leftOf(away)).to.equal(700);
    expect(leftOf(back)).to.equal(6_000);
    const again = advancedMonths(back, look(FREE_JAN, []), at("2027-01-07"));
    expect(leftOf(again)).to.equal(700);
  });

  it("comes back less what was used of it meanwhile, and with what was released", () => {
    const jan = use(begin(JAN, [JAN], "2027-01-01"), 4_000);
    const away = advancedMonths(jan, look(FREE_JAN, []), at("2027-01-05"));
    const released = useIn(away, JAN.name, -1_000);
    expect(leftOf(advancedMonths(released, look(JAN, [JAN]), at("2027-01-06")))).to.equal(7_000);
  });

  it("has one free month per calendar month, before, between and after subscriptions", () => {
    const freely = use(begin(FREE_JAN, [], "2027-01-01"), 1_000);
    const paid = begin(JAN, [JAN], "2027-01-02", freely);
    const after = look(FREE_JAN, [JAN], { subscriptionLives: false });
    expect(leftOf(advancedMonths(paid, after, at("2027-01-10")))).to.equal(0);
  });

  it("lets the last month begun go on in grace, even a lent one", () => {
    const feb = use(begin(FEB, [JAN, FEB], "2027-02-01", begin(JAN, [JAN], "2027-01-01")), 9_000);
    const grace = look(JAN, [JAN], { goesOn: true });
    expect(leftOf(advancedMonths(feb, grace, at("2027-02-05")))).to.equal(1_000);
  });

  it("grows within the month and never shrinks", () => {
    const grown = {
      ...JAN,
      parts: [...JAN.parts, { from: at("2027-01-16"), emails: 0, tokens: 31_000 }],
    };
    const jan = use(begin(JAN, [JAN], "2027-01-01"), 4_000);
    const more = advancedMonths(jan, look(grown, [grown]), at("2027-01-16"));
    expect(leftOf(more)).to.equal(6_000 + 16_000);
    expect(advancedMonths(more, look(JAN, [JAN]), at("2027-01-17"))).to.equal(more);
  });

  it("inherits what was used beyond the share that stays paid, into later months as well", () => {
    const { credited, small, next, first } = creditedAndSpent();
    const kept = Math.floor((10_000 * 10) / 31);
    expect(currentMonth(first)?.inherited).to.equal(10_000 - kept);
    expect(leftOf(first)).to.equal(0);
    const second = begin(next, [credited, small, next], "2027-02-11", first);
    expect(leftOf(second)).to.equal(5_000 - (10_000 - kept - 5_000));
  });

  it("gives what is released later back to the month that inherited it, down the line", () => {
    const { credited, small, next, first } = creditedAndSpent();
    const second = begin(next, [credited, small, next], "2027-02-11", first);
    const released = useIn(second, JAN.name, -2_000);
    expect((leftOf(released) ?? 0) - (leftOf(second) ?? 0)).to.equal(
      Math.min(2_000, currentMonth(second)?.inherited ?? 0),
    );
  });

  it("makes months good that nobody looked at, in tokens and not in e-mails", () => {
    const jan = begin(JAN, [JAN], "2027-01-01");
    const steps = advanceMonths(jan, look(MAR, [JAN, FEB, MAR]), at("2027-03-05"));
    expect(steps.map(({ type, madeGood }) => [type, madeGood])).to.deep.equal([
      ["miss", 10_000],
      ["begin", 0],
    ]);
    const emails = look(MAR, [JAN, FEB, MAR], { measure: "emails" });
    expect(
      advanceMonths(jan, emails, at("2027-03-05")).map(({ madeGood }) => madeGood),
    ).to.deep.equal([0, 0]);
  });

  it("ends the same when a crash keeps only a part of the steps", () => {
    const jan = begin(JAN, [JAN], "2027-01-01");
    const target = look(MAR, [JAN, FEB, MAR]);
    const steps = advanceMonths(jan, target, at("2027-03-05"));
    const [partly] = steps;
    const rest = advanceMonths(partly?.usage ?? NO_MONTHS, target, at("2027-03-05"));
    expect(rest.map(({ type }) => type)).to.deep.equal(["begin"]);
    expect(rest.at(-1)?.usage).to.deep.equal(steps.at(-1)?.usage);
  });

  it("makes nothing good from before the tenant was known, or of what was only lent", () => {
    const known = look(MAR, [JAN, FEB, MAR], { knownSince: at("2027-03-04") });
    expect(
      advanceMonths(NO_MONTHS, known, at("2027-03-05")).map(({ madeGood }) => madeGood),
    ).to.deep.equal([0, 0, 0]);
    const lent = look(MAR, [{ ...FEB, settledAt: null }, MAR]);
    expect(
      advanceMonths(NO_MONTHS, lent, at("2027-03-05")).map(({ madeGood }) => madeGood),
    ).to.deep.equal([0, 0]);
  });

  it("names months that were settled after a later one was begun", () => {
    const late = { ...FEB, settledAt: at("2027-03-05") };
    const mar = begin(MAR, [JAN, MAR], "2027-03-01", begin(JAN, [JAN], "2027-01-01"));
    const found = monthsSettledLate(mar, look(MAR, [JAN, late, MAR]));
    expect(found.map(({ name }) => name)).to.deep.equal([FEB.name]);
  });

  it("takes months of a clock far ahead back, and what was used of them counts", () => {
    const far = free("2036-05-01", "2036-06-01");
    const jan = use(begin(FREE_JAN, [], "2027-01-01"), 200);
    const ahead = use(advancedMonths(jan, look(far, []), at("2036-05-05")), 300);
    const healed = advanceMonths(ahead, look(FREE_JAN, []), at("2027-01-05"));
    expect(healed.map(({ type }) => type)).to.deep.equal(["heal"]);
    expect(leftOf(healed.at(-1)?.usage ?? NO_MONTHS)).to.equal(500);
    const fresh = use(advancedMonths(NO_MONTHS, look(far, []), at("2036-05-05")), 300);
    expect(leftOf(advancedMonths(fresh, look(FREE_FEB, []), at("2027-02-05")))).to.equal(700);
  });
});
