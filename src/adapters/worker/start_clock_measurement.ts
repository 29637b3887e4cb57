import type { ClockState } from "../../application/installation/clock_state.ts";
import type { MeasureClock } from "../../application/installation/measure_clock.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** What the comparison of clocks runs on. */
export interface ClockMeasurementOptions {
  readonly measureClock: Pick<MeasureClock, "execute">;
  /** Pause between two measurements, and before the first. Milliseconds. */
  readonly intervalMs: number;
  /** Is told when the clock is found wrong, and when it is right again. */
  onChange(state: ClockState): void;
  onError(error: unknown): void;
}

/** Compares the clock with the others from time to time. Each process has one of its own. */
export function startClockMeasurement({
  measureClock,
  intervalMs,
  onChange,
  onError,
}: ClockMeasurementOptions): Worker {
  let wasWrong = false;
  return repeat({
    work: async () => {
      const state = await measureClock.execute();
      const isWrong = state.verdict === "wrong";
      if (isWrong !== wasWrong) {
        wasWrong = isWrong;
        onChange(state);
      }
      return false;
    },
    intervalMs,
    onError,
  });
}
