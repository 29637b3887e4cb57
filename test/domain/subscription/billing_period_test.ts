import { expect } from "chai";
import fc from "fast-check";
import {
  addMonths,
  calendarMonth,
  monthSlice,
  overlaps,
  type Period,
} from "../../../src/domain/subscription/billing_period.ts";
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

describe("monthSlice", () => {
  const year = period("2026-01-31T10:00:00Z", "2027-01-31T10:00:00Z");

  it("P26 gives the clamped month of an annual plan that began on the 31st", () => {
    expect(monthSlice(year, year.start, at("2026-02-28T09:59:59Z"))).to.deep.equal(
      period("2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z"),
    );
    expect(monthSlice(year, year.start, at("2026-02-28T10:00:00Z"))).to.deep.equal(
      period("2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z"),
    );
  });

  it("P26 keeps the 29th of a leap year's anchor in years without one", () => {
    const second = period("2025-02-28", "2026-02-28");
    const anchor = at("2024-02-29");
    expect(monthSlice(second, anchor, at("2025-03-28T23:00:00Z"))).to.deep.equal(
      period("2025-02-28", "2025-03-29"),
    );
    expect(monthSlice(second, anchor, at("2026-02-27"))).to.deep.equal(
      period("2026-01-29", "2026-02-28"),
    );
  });

  it("P26 stays in the last month after the period and in the first before it", () => {
    const last = period("2026-12-31T10:00:00Z", "2027-01-31T10:00:00Z");
    expect(monthSlice(year, year.start, year.end)).to.deep.equal(last);
    expect(monthSlice(year, year.start, at("2029-06-01"))).to.deep.equal(last);
    expect(monthSlice(year, year.start, at("2020-01-01")).start).to.deep.equal(year.start);
  });

  it("P26 clips the months to a period that does not begin at the anchor", () => {
    const paid = period("2026-04-15", "2027-01-10");
    const anchor = at("2026-01-10");
    expect(slicesOf(paid, anchor)[0]).to.deep.equal(period("2026-04-15", "2026-05-10"));
    expect(slicesOf(paid, anchor)).to.have.length(9);
  });

  it("P26 tiles the paid year in twelve months without gaps or overlaps", () => {
    fc.assert(
      fc.property(lateDays, fc.integer({ min: 0, max: 8 }), (anchor, years) => {
        const paid = {
          start: addMonths(anchor, years * 12),
          end: addMonths(anchor, years * 12 + 12),
        };
        const slices = slicesOf(paid, anchor);
        expect(slices).to.have.length(12);
        expect(slices.at(-1)?.end).to.deep.equal(paid.end);
        slices.forEach((slice, index) => {
          expect(slice.start).to.deep.equal(slices[index - 1]?.end ?? paid.start);
        });
      }),
    );
  });

  it("P26 contains every instant it is asked for and lies within the period", () => {
    const anyPeriod = fc
      .tuple(dates, fc.integer({ min: 1, max: 86_400 * 800 }))
      .map(([start, seconds]) => ({ start, end: new Date(start.getTime() + seconds * 1_000) }));
    fc.assert(
      fc.property(
        anyPeriod,
        dates,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (paid, anchor, part) => {
          const length = paid.end.getTime() - paid.start.getTime();
          const now = new Date(paid.start.getTime() + Math.floor(part * (length - 1)));
          const slice = monthSlice(paid, anchor, now);
          expect(slice.start <= now && now < slice.end).to.equal(true);
          expect(slice.start >= paid.start && slice.end <= paid.end).to.equal(true);
          const lastInstant = new Date(slice.end.getTime() - 1);
          expect(monthSlice(paid, anchor, slice.start)).to.deep.equal(slice);
          expect(monthSlice(paid, anchor, lastInstant)).to.deep.equal(slice);
        },
      ),
    );
  });
});

function slicesOf(paid: Period, anchor: Date): Period[] {
  const slices: Period[] = [];
  for (let now = paid.start; now < paid.end; now = slices.at(-1)?.end ?? paid.end) {
    slices.push(monthSlice(paid, anchor, now));
  }
  return slices;
}

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

describe("overlaps", () => {
  it("P24 needs a shared instant: a period that begins where another ends has none", () => {
    const march = period("2026-03-01", "2026-04-01");
    expect(overlaps(march, period("2026-04-01", "2026-05-01"))).to.equal(false);
    expect(overlaps(march, period("2026-03-31T23:59:59Z", "2026-05-01"))).to.equal(true);
    expect(overlaps(march, period("2026-03-10", "2026-03-11"))).to.equal(true);
    expect(overlaps(march, period("2026-02-01", "2026-03-01"))).to.equal(false);
  });

  it("P24 does not depend on the order of the two", () => {
    const spans = fc
      .tuple(dates, fc.integer({ min: 1, max: 1e9 }))
      .map(([start, ms]) => ({ start, end: new Date(start.getTime() + ms) }));
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        expect(overlaps(a, b)).to.equal(overlaps(b, a));
        expect(overlaps(a, a)).to.equal(true);
      }),
    );
  });
});
