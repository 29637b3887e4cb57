import { expect } from "chai";
import fc from "fast-check";
import { clockSkewMs } from "../../../src/application/installation/clock_skew.ts";

const THEIRS = new Date("2026-11-25T10:00:00Z");
const at = (offsetMs: number) => new Date(+THEIRS + offsetMs);
const reading = { time: THEIRS, resolutionMs: 1, askedMs: 1_000, answeredMs: 1_000 };

describe("clockSkewMs", () => {
  it("P25 is what our clock is ahead of the other one, negative where it is behind", () => {
    for (const offsetMs of [31_000, 29_000, -29_000, -31_000]) {
      const skew = clockSkewMs(reading, { now: at(offsetMs), monotonicMs: 1_000 });
      expect(skew).to.equal(offsetMs);
    }
  });

  it("P25 goes by the time that has passed since the reading, so that a step shows at once", () => {
    const hourLaterMs = 1_000 + 3_600_000;
    const ours = (offsetMs: number) => ({
      now: at(3_600_000 + offsetMs),
      monotonicMs: hourLaterMs,
    });
    expect(clockSkewMs(reading, ours(0))).to.equal(0);
    expect(clockSkewMs(reading, ours(-45_000))).to.equal(-45_000);
    expect(clockSkewMs(reading, ours(45_000))).to.equal(45_000);
  });

  it("P25 claims no more than is certain: never more than the real one, whatever the delays", () => {
    const ms = fc.integer({ min: 0, max: 20_000 });
    const skew = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(skew, ms, ms, ms, fc.constantFrom(1, 1_000), (...chosen) => {
        const [realMs, thereMs, backMs, sinceMs, resolutionMs] = chosen;
        const shownMs = +THEIRS + 123 + thereMs;
        const found = clockSkewMs(
          {
            time: new Date(Math.floor(shownMs / resolutionMs) * resolutionMs),
            resolutionMs,
            askedMs: 500,
            answeredMs: 500 + thereMs + backMs,
          },
          {
            now: new Date(shownMs + backMs + sinceMs + realMs),
            monotonicMs: 500 + thereMs + backMs + sinceMs,
          },
        );
        expect(Math.abs(found)).to.be.at.most(Math.abs(realMs));
        expect(Math.abs(realMs) - Math.abs(found)).to.be.at.most(thereMs + backMs + resolutionMs);
        expect(found * realMs).to.be.at.least(0);
      }),
    );
  });
});
