import type { ClockReading } from "../ports/clock.ts";

/** How far clocks may be apart. More than a network's delay; less than what could hurt anybody. */
export const MAX_CLOCK_SKEW_MS = 30_000;

/**
 * How far our clock is from another one, at least: positive where it is ahead, 0 where they may be
 * the same. What the other clock shows by now is its reading and the time that has passed since,
 * by a clock that never jumps; so a step of ours shows at once, however old the reading is. What is
 * not known, such as how long the answer was on its way, is taken in our clock's favour.
 *
 * @param ours our time, and what `performance.now()` says at the same moment
 */
export function clockSkewMs(
  { time, resolutionMs, askedMs, answeredMs }: ClockReading,
  ours: { readonly now: Date; readonly monotonicMs: number },
): number {
  const apartMs = ours.now.getTime() - time.getTime();
  const mostMs = apartMs - (ours.monotonicMs - answeredMs);
  const leastMs = apartMs - (ours.monotonicMs - askedMs) - (resolutionMs - 1);
  return leastMs > 0 ? leastMs : Math.min(mostMs, 0);
}
