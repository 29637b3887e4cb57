import { expect } from "chai";
import fc from "fast-check";
import { addMonths, calendarMonth } from "../../../src/domain/subscription/billing_period.ts";
import { at, period } from "../../samples/dates.ts";

const dates = fc.date({
  min: new Date("1980-01-01"),
  max: new Date("2090-12-31"),
  noInvalidDate: true,
});
const lateDays = fc
  .record({
    year: fc.integer({ min: 2020, max: 2032 }),
    month: fc.integer({ min: 0, max: 11 }),
    day: fc.integer({ min: 28, max: 31 }),
    second: fc.integer({ min: 0, max: 86_399 }),
  })
  .map(({ year, month, day, second }) => {
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    return new Date(Date.UTC(year, month, Math.min(day, lastDay), 0, 0, second));
  });

describe("addMonths", () => {
  const examples: [string, number, string][] = [
    ["2026-01-31", 1, "2026-02-28"],
    ["2026-01-31", 2, "2026-03-31"],
    ["2026-01-31", 3, "2026-04-30"],
    ["2024-01-31", 1, "2024-02-29"],
    ["2024-02-29", 12, "2025-02-28"],
    ["2024-02-29", 48, "2028-02-29"],
    ["2100-01-30", 1, "2100-02-28"],
    ["2026-03-31", -1, "2026-02-28"],
    ["2026-01-15", -13, "2024-12-15"],
    ["2026-12-31T23:59:59.999Z", 2, "2027-02-28T23:59:59.999Z"],
    ["2026-05-05T05:05:05Z", 0, "2026-05-05T05:05:05Z"],
  ];
  for (const [anchor, months, expected] of examples) {
    it(`P26 moves ${anchor} by ${months} to ${expected}`, () => {
      expect(addMonths(at(anchor), months)).to.deep.equal(at(expected));
    });
  }

  it("P26 lands in the wanted month, on the anchor's day or the month's last one", () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -600, max: 600 }), (anchor, months) => {
        const moved = addMonths(anchor, months);
        const monthsApart =
          (moved.getUTCFullYear() - anchor.getUTCFullYear()) * 12 +
          (moved.getUTCMonth() - anchor.getUTCMonth());
        expect(monthsApart).to.equal(months);
        const nextDay = new Date(moved.getTime() + 86_400_000);
        const clamped = moved.getUTCDate() < anchor.getUTCDate();
        expect(moved.getUTCDate()).to.be.at.most(anchor.getUTCDate());
        expect(clamped ? nextDay.getUTCDate() : 1).to.equal(1);
        expect(moved.toISOString().split("T")[1]).to.equal(anchor.toISOString().split("T")[1]);
      }),
    );
  });

  it("P26 never drifts: the anchor's day comes back in every month that has it", () => {
    fc.assert(
      fc.property(lateDays, (anchor) => {
        for (let months = 0; months <= 60; months += 1) {
          const moved = addMonths(anchor, months);
          const lastDay = addMonths(new Date(Date.UTC(moved.getUTCFullYear(), 0, 31)), 0);
          lastDay.setUTCMonth(moved.getUTCMonth() + 1, 0);
          expect(moved.getUTCDate()).to.equal(Math.min(anchor.getUTCDate(), lastDay.getUTCDate()));
        }
      }),
    );
  });

  it("P26 grows with the number of months and leaves the anchor alone", () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -50, max: 50 }), (anchor, months) => {
        const before = anchor.getTime();
        expect(addMonths(anchor, months + 1)).to.be.greaterThan(addMonths(anchor, months));
        expect(anchor.getTime()).to.equal(before);
      }),
    );
  });
});

describe("calendarMonth", () => {
  const examples: [string, string, string][] = [
    ["2026-02-01", "2026-02-01", "2026-03-01"],
    ["2026-01-31T23:59:59.999Z", "2026-01-01", "2026-02-01"],
    ["2026-12-15T12:00:00Z", "2026-12-01", "2027-01-01"],
    ["2024-02-29", "2024-02-01", "2024-03-01"],
  ];
  for (const [now, start, end] of examples) {
    it(`P33 finds the month of ${now} in UTC`, () => {
      expect(calendarMonth(at(now))).to.deep.equal(period(start, end));
    });
  }

  it("P33 contains every instant and follows on without a gap", () => {
    fc.assert(
      fc.property(dates, (now) => {
        const month = calendarMonth(now);
        expect(month.start <= now && now < month.end).to.equal(true);
        expect(calendarMonth(month.end).start).to.deep.equal(month.end);
      }),
    );
  });
});
