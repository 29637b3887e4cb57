import type { ClockState } from "../../application/installation/clock_state.ts";
import type { MeasureClock } from "../../application/installation/measure_clock.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** Options of the clock comparison. */
export interface ClockMeasurementOptions {
  readonly measureClock: Pick<MeasureClock, "execute">;
  /** Pause between two measurements, and before the first. Milliseconds. */
  readonly intervalMs: number;
  /** Called when the clock is found wrong, and when it is right again. */
  onChange(state: ClockState): void;
  onError(error: unknown): void;
}

/** Compares this process's clock with the others at regular intervals. */
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
