import type { ClockReading, OtherClock } from "../../../src/application/ports/clock.ts";

/** The clock of somebody who was asked at this moment, and showed `time`. */
export function showing(time: Date, resolutionMs = 1): OtherClock {
  const askedMs = performance.now();
  const reading: ClockReading = { time, resolutionMs, askedMs, answeredMs: askedMs };
  return { latest: () => reading, ask: async () => undefined };
}
