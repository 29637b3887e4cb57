import { expect } from "chai";
import fc from "fast-check";
import { periodBoundary, periodEnd } from "../../sandbox/engine/billing_period.ts";

const DAY_SECONDS = 86_400;
const anchors = fc.integer({ min: 0, max: 4_000_000_000 });
const recurrences = fc.record({
  interval: fc.constantFrom("day", "week", "month", "year"),
  interval_count: fc.integer({ min: 1, max: 12 }),
});

describe("periodBoundary", () => {
  it("clamps the 31st and 29 February without drifting", () => {
    const at = (anchor: string, interval: string, count: number) => {
      const start = Date.parse(anchor) / 1000;
      const boundary = periodBoundary(start, { interval, interval_count: 1 }, count);
      return new Date(boundary * 1000).toISOString().slice(0, 10);
    };
    const months = [1, 2, 3, 13].map((count) => at("2027-12-31T23:59:59Z", "month", count));
    expect(months).to.deep.equal(["2028-01-31", "2028-02-29", "2028-03-31", "2029-01-31"]);
    const years = [1, 4].map((count) => at("2028-02-29T00:00:00Z", "year", count));
    expect(years).to.deep.equal(["2029-02-28", "2032-02-29"]);
    expect(at("2026-01-31T00:00:00Z", "week", 2)).to.equal("2026-02-14");
  });

  it("keeps the anchor's day or takes the month's last one (property)", () => {
    fc.assert(
      fc.property(anchors, fc.integer({ min: 0, max: 200 }), (anchor, count) => {
        const month = { interval: "month", interval_count: 1 } as const;
        const boundary = periodBoundary(anchor, month, count);
        const day = new Date(boundary * 1000).getUTCDate();
        const nextDay = new Date((boundary + DAY_SECONDS) * 1000).getUTCDate();
        const wanted = new Date(anchor * 1000).getUTCDate();
        expect(day === wanted || (day < wanted && nextDay === 1)).to.equal(true);
      }),
    );
  });
});

describe("periodEnd", () => {
  it("leads from each boundary to the next (property)", () => {
    fc.assert(
      fc.property(anchors, recurrences, fc.nat(40), (anchor, recurrence, count) => {
        const start = periodBoundary(anchor, recurrence, count);
        const end = periodBoundary(anchor, recurrence, count + 1);
        expect(end).to.be.greaterThan(start);
        expect(periodEnd(anchor, recurrence, start)).to.equal(end);
      }),
    );
  });
});
