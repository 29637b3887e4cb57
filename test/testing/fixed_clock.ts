import type { Clock } from "../../src/application/ports/clock.ts";

/** A clock that stands until a test moves it. */
export interface FixedClock {
  /** What `createBilling` and `createQuota` take as `clock`. */
  readonly clock: Clock;
  /** @param ms milliseconds; negative moves it back */
  advance(ms: number): void;
}

/** A clock that shows a date until it is moved. @throws {TypeError} for an invalid date */
export function fixedClock(start: Date): FixedClock {
  let now = start.getTime();
  if (Number.isNaN(now)) {
    throw new TypeError("Cannot fix a clock: the date is invalid");
  }
  return {
    clock: () => new Date(now),
    advance: (ms) => {
      now += ms;
    },
  };
}
