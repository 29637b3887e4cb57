import { expect } from "chai";
import fc from "fast-check";
import { allowanceOf, freeMonth, shareUntil } from "../../../src/domain/subscription/month.ts";
import { monthsOf } from "../../../src/domain/subscription/months_of.ts";
import type { SettledLine } from "../../../src/domain/subscription/settled_line.ts";
import { at } from "../../samples/dates.ts";
import { clampedMonths, historyCatalog } from "./simulation/stripe_prices.ts";

function settled(start: string, end: string, changes: Partial<SettledLine> = {}): SettledLine {
  return {
    basis: "paid",
    lentUntil: null,
    planSlug: "pro",
    period: { start: at(start), end: at(end) },
    opens: true,
    creditedFrom: null,
    trial: false,
    settledAt: at(start),
    ...changes,
  };
}

function months(lines: readonly SettledLine[], anchor: string, endedAt: Date | null = null) {
  return monthsOf({
    subscriptionId: "sub_1",
    billingCycleAnchor: at(anchor),
    lines,
    catalog: historyCatalog(),
    endedAt,
  });
}

function days(lines: readonly SettledLine[], anchor: string): string[] {
  return months(lines, anchor).map(({ start }) => start.toISOString().slice(5, 10));
}

describe("months of a subscription (P26)", () => {
  it("are cut from the period's own start, on the anchor's day where that was clamped", () => {
    expect(days([settled("2029-02-28", "2030-02-28")], "2028-02-29").slice(0, 3)).to.deep.equal([
      "02-28",
      "03-29",
      "04-29",
    ]);
    expect(days([settled("2027-01-31", "2028-01-31")], "2027-01-31").slice(0, 4)).to.deep.equal([
      "01-31",
      "02-28",
      "03-31",
      "04-30",
    ]);
    expect(days([settled("2027-02-28", "2027-03-31")], "2027-01-31")).to.deep.equal(["02-28"]);
    expect(days([settled("2027-02-28", "2027-03-31")], "2027-03-31")).to.deep.equal(["02-28"]);
    expect(days([settled("2027-04-15", "2028-04-15")], "2027-01-31").slice(0, 2)).to.deep.equal([
      "04-15",
      "05-15",
    ]);
  });

  it("cover any year without gap or overlap, twelve of them, on any start", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_500 }),
        fc.integer({ min: 0, max: 86_399 }),
        (day, second) => {
          const start = at("2027-01-01").getTime() + (day * 86_400 + second) * 1_000;
          const end = clampedMonths(start, 12, start);
          const anchor = new Date(start).toISOString();
          const cut = months([settled(anchor, new Date(end).toISOString())], anchor);
          expect(cut.length).to.equal(12);
          expect(+(cut[0]?.start ?? 0)).to.equal(start);
          expect(+(cut.at(-1)?.end ?? 0)).to.equal(end);
          for (const [index, month] of cut.entries()) {
            expect(+month.end).to.equal(+(cut[index + 1]?.start ?? end));
          }
        },
      ),
    );
  });

  it("bring their share where the period is shorter than 28 days, unless it is a trial", () => {
    const [short] = months([settled("2027-01-01", "2027-01-16")], "2027-01-16");
    const [trial] = months([settled("2027-01-01", "2027-01-16", { trial: true })], "2027-01-16");
    const [february] = months([settled("2027-02-01", "2027-03-01")], "2027-02-01");
    expect([short, trial, february].map((one) => one && allowanceOf(one, "tokens"))).to.deep.equal([
      25_000, 50_000, 50_000,
    ]);
  });

  it("are never worth less than the free plan's", () => {
    const starter = settled("2027-01-01", "2027-01-02", { planSlug: "starter" });
    const [day] = months([starter], "2027-01-02");
    expect(day && [allowanceOf(day, "emails"), allowanceOf(day, "tokens")]).to.deep.equal([
      166, 1_000,
    ]);
  });

  it("keep only the share up to a credit, of what they began with and of what was added", () => {
    const raised = [
      settled("2027-04-01", "2027-05-01", { planSlug: "starter" }),
      settled("2027-04-11", "2027-05-01", { planSlug: "business", opens: false }),
    ];
    const [month] = months(raised, "2027-04-01");
    const tokens = 10_000 + Math.floor((190_000 * 20) / 30);
    expect(month && allowanceOf(month, "tokens")).to.equal(tokens);
    const kept = Math.floor((10_000 * 15) / 30) + Math.floor((190_000 * 5) / 30);
    expect(month && shareUntil(month, "tokens", at("2027-04-16"))).to.equal(kept);
  });

  it("end where a new period begins, and none begins after the end of the subscription", () => {
    const lines = [
      settled("2027-01-01", "2028-01-01"),
      settled("2027-02-10", "2027-03-10", { creditedFrom: at("2027-02-10") }),
    ];
    const cut = months(lines, "2027-01-01");
    expect(
      cut.map(({ start, over }) => [start, over].map((date) => date.toISOString().slice(5, 10))),
    ).to.deep.equal([
      ["01-01", "02-01"],
      ["02-01", "02-10"],
      ["02-10", "03-10"],
    ]);
    expect(cut[2]?.inherits?.month).to.equal(cut[1]?.name);
    expect(months(lines.slice(0, 1), "2027-01-01", at("2027-03-05")).length).to.equal(3);
  });

  it("raise a year in the month of the change for the rest, in later ones whole", () => {
    const year = [
      settled("2027-01-01", "2028-01-01"),
      settled("2027-02-15", "2028-01-01", { planSlug: "business", opens: false }),
    ];
    expect(
      months(year, "2027-01-01")
        .slice(0, 3)
        .map((one) => allowanceOf(one, "tokens")),
    ).to.deep.equal([50_000, 50_000 + 75_000, 200_000]);
  });

  describe("that begin in the same second", () => {
    const twice = (start: string, end: string, second: Partial<SettledLine> = {}) =>
      months(
        [
          settled(start, end, { planSlug: "starter" }),
          settled(start, end, { planSlug: "business", creditedFrom: at(start), ...second }),
        ],
        start,
      );

    it("have names and an order of their own, and inherit from each other", () => {
      const [first, second] = twice("2027-02-01", "2027-03-01");
      expect(first?.name).to.not.equal(second?.name);
      expect(first && second && first.start < second.start).to.equal(true);
      expect(second?.inherits).to.deep.equal({
        month: first?.name,
        creditedFrom: at("2027-02-01"),
        replaced: [],
      });
      expect(first && shareUntil(first, "tokens", first.creditedFrom ?? first.end)).to.equal(0);
    });

    it("bring all of a February, and of any short month", () => {
      const [first, second] = twice("2027-02-01", "2027-03-01");
      expect(first && allowanceOf(first, "tokens")).to.equal(10_000);
      expect(second && allowanceOf(second, "tokens")).to.equal(200_000);
      expect(second && allowanceOf(second, "emails")).to.equal(250_000);
    });

    it("bring the same as one that begins alone, whatever part of it stays paid", () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 60 }),
          fc.integer({ min: 1, max: 31 * 86_400 }),
          (first, seconds) => {
            const start = at("2027-02-01").getTime() + first * 86_400_000;
            const [from, to] = [start, clampedMonths(start, 1, start)].map((ms) =>
              new Date(ms).toISOString(),
            ) as [string, string];
            const until = new Date(start + seconds * 1_000);
            const alone = months([settled(from, to, { planSlug: "business" })], from)[0];
            const [, second] = twice(from, to);
            const shares = [alone, second].map((one) => one && shareUntil(one, "tokens", until));
            expect(shares[0]).to.equal(shares[1]);
          },
        ),
      );
    });

    it("cut a year on whole seconds", () => {
      const year = twice("2027-01-31", "2028-01-31");
      expect(year).to.have.lengthOf(13);
      expect(year.slice(2).map(({ start }) => start.getMilliseconds())).to.deep.equal(
        Array.from({ length: 11 }, () => 0),
      );
      expect(year.at(-1)?.end).to.deep.equal(at("2028-01-31"));
    });

    it("are two where a change comes in the second in which a month of the year begins", () => {
      const cut = months(
        [
          settled("2027-01-01", "2028-01-01", { planSlug: "business" }),
          settled("2027-02-01", "2027-03-01", { creditedFrom: at("2027-02-01") }),
        ],
        "2027-02-01",
      );
      expect(cut.map((one) => allowanceOf(one, "tokens"))).to.deep.equal([
        200_000, 200_000, 50_000,
      ]);
      expect(cut[2]?.inherits?.month).to.equal(cut[1]?.name);
    });

    it("inherit one after the other, three of them", () => {
      const lines = ["starter", "pro", "business"].map((planSlug, index) =>
        settled("2027-02-10", "2027-03-10", {
          planSlug,
          creditedFrom: index === 0 ? null : at("2027-02-10"),
        }),
      );
      const cut = months(lines, "2027-02-10");
      expect(cut.map(({ inherits }) => inherits?.month ?? null)).to.deep.equal([
        null,
        cut[0]?.name,
        cut[1]?.name,
      ]);
    });
  });

  it("do not begin where the next period credits their time from before", () => {
    const year = settled("2027-01-28", "2028-01-28");
    const renewed = settled("2027-02-28", "2027-03-28", { creditedFrom: at("2027-02-13") });
    const all = months([year, renewed], "2027-01-28");
    expect(all.map(({ start, creditedFrom }) => [+start, creditedFrom])).to.deep.equal([
      [+at("2027-01-28"), at("2027-02-13")],
      [+at("2027-02-28") + 1, null],
    ]);
  });

  it("are one per calendar month on the free plan", () => {
    const { name, start, end } = freeMonth(historyCatalog(), at("2027-02-10"));
    expect([name, start, end]).to.deep.equal([
      "free:2027-02-01T00:00:00.000Z",
      at("2027-02-01"),
      at("2027-03-01"),
    ]);
  });
});
