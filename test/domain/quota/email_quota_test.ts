import { expect } from "chai";
import fc from "fast-check";
import {
  emailCeiling,
  quotaAllows,
  quotaResetsAt,
  quotaStatus,
} from "../../../src/domain/quota/email_quota.ts";

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

  it("P32 rounds down right below each percentage, however large the limit", () => {
    const steps = fc.tuple(
      fc.integer({ min: 1, max: 2 ** 46 }),
      fc.integer({ min: 1, max: 110 }),
      fc.integer({ min: -1, max: 1 }),
    );
    fc.assert(
      fc.property(steps, ([limit, percent, more]) => {
        const used = Math.max(0, Math.round((limit / 100) * percent) + more);
        const exact = (BigInt(used) * 100n) / BigInt(limit);
        expect(quotaStatus({ limit, used }).percentage).to.equal(Number(exact));
      }),
      { numRuns: 1_000 },
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

describe("quotaResetsAt", () => {
  const period = { start: new Date("2026-03-10"), end: new Date("2026-04-10") };

  it("P33 is the month's end, and unknown while the renewal is waited for", () => {
    const quota = { period, limit: 100 };
    expect(quotaResetsAt(quota, new Date("2026-04-09"))).to.deep.equal(period.end);
    expect(quotaResetsAt(quota, period.end)).to.equal(null);
  });
});
