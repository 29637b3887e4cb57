import { expect } from "chai";
import { startClockMeasurement } from "../../../src/adapters/worker/start_clock_measurement.ts";
import type { ClockState } from "../../../src/application/installation/clock_state.ts";

const STATES: readonly ClockState["verdict"][] = [
  ...(["ok", "wrong", "wrong", "unknown", "ok", "wrong"] as const),
];

describe("startClockMeasurement", () => {
  it("P25 measures again and again, and tells when the clock turns wrong and right again", async () => {
    const told: string[] = [];
    const failures: unknown[] = [];
    const finished = Promise.withResolvers<void>();
    let measured = 0;
    const worker = startClockMeasurement({
      measureClock: {
        execute: async () => {
          measured += 1;
          if (measured === 3) {
            throw new TypeError("a bug");
          }
          const verdict = STATES[measured - 1];
          if (verdict === undefined) {
            finished.resolve();
            return { verdict: "wrong", skewsMs: {} };
          }
          return { verdict, skewsMs: {} };
        },
      },
      intervalMs: 1,
      onChange: ({ verdict }) => told.push(verdict),
      onError: (error) => failures.push(error),
    });
    await finished.promise;
    await worker.stop();
    expect(told).to.deep.equal(["wrong", "unknown", "wrong"]);
    expect(failures).to.have.length(1);
  });
});
