import { expect } from "chai";
import fc from "fast-check";
import { clockSkewMs, clockState } from "../../../src/application/installation/clock_state.ts";
import type { ClockReading, OtherClock } from "../../../src/application/ports/clock.ts";
import { SILENT_CLOCK } from "../../rig/silent_clock.ts";

const THEIRS = new Date("2026-11-25T10:00:00Z");
const READING = { time: THEIRS, resolutionMs: 1, askedMs: 1_000, answeredMs: 1_000 };
const at = (offsetMs: number) => new Date(+THEIRS + offsetMs);

function saying(changes: Partial<ClockReading> = {}): OtherClock {
  return { ...SILENT_CLOCK, latest: () => ({ ...READING, ...changes }) };
}

describe("clockState", () => {
  const ours = (seconds: number) => ({ now: at(seconds * 1_000), monotonicMs: 1_000 });

  for (const [name, resolutionMs] of [
    ["stripe", 1_000],
    ["database", 1],
  ] as const) {
    for (const [seconds, verdict] of [
      [0, "ok"],
      [29, "ok"],
      [-29, "ok"],
      [31, "wrong"],
      [-31, "wrong"],
    ] as const) {
      it(`P25 ${seconds} s ahead of the ${name}'s is ${verdict}, whatever the other one says`, () => {
        for (const other of [saying({ time: at(seconds * 1_000) }), SILENT_CLOCK]) {
          const others = { stripe: other, database: other, [name]: saying({ resolutionMs }) };
          const state = clockState(others, ours(seconds));
          expect(state.verdict).to.equal(verdict);
          const least = Math.max(0, Math.abs(seconds) * 1_000 - (resolutionMs - 1));
          expect(Math.abs(state.skewsMs[name] ?? Number.NaN)).to.be.within(
            least,
            Math.abs(seconds) * 1_000,
          );
        }
      });
    }
  }

  it("P25 notices a step of our clock at once, in both directions, and that it is back", () => {
    const others = { stripe: saying(), database: saying() };
    for (const step of [-3_600, 3_600, 10 * 365 * 86_400]) {
      const passed = { now: at((20 + step) * 1_000), monotonicMs: 21_000 };
      expect(clockState(others, passed).verdict, `${step} s`).to.equal("wrong");
      expect(clockState(others, { ...passed, now: at(20_000) }).verdict).to.equal("ok");
    }
  });

  it("P25 not to know is not to be wrong", () => {
    const others = { stripe: SILENT_CLOCK, database: SILENT_CLOCK };
    expect(clockState(others, ours(0))).to.deep.equal({ verdict: "unknown", skewsMs: {} });
    const known = clockState({ ...others, database: saying() }, ours(0));
    expect(known).to.deep.equal({ verdict: "ok", skewsMs: { database: 0 } });
  });

  it("P25 believes a clock that the host has given, which is compared with none", () => {
    expect(clockState({}, ours(-86_400))).to.deep.equal({ verdict: "ok", skewsMs: {} });
  });
});

describe("clockSkewMs", () => {
  it("P25 goes by the time that has passed since the reading, however old it is", () => {
    const hour = 3_600_000;
    const ours = (offMs: number) => ({ now: at(hour + offMs), monotonicMs: 1_000 + hour });
    for (const offMs of [0, 45_000, -45_000]) {
      expect(clockSkewMs(READING, ours(offMs))).to.equal(offMs);
    }
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
