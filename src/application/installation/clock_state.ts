import type { Clock, ClockReading, OtherClocks } from "../ports/clock.ts";

/** How far clocks may be apart. More than a network's delay; less than what could hurt anybody. */
export const MAX_CLOCK_SKEW_MS = 30_000;

/** Our time, and what `performance.now()` says at the same moment. */
export interface OurTime {
  readonly now: Date;
  readonly monotonicMs: number;
}

/** How our clock compares. */
export interface ClockState {
  /** `unknown`: no other clock has said anything yet. */
  readonly verdict: "ok" | "unknown" | "wrong";
  /** How far ours is ahead of each, at least, in milliseconds; only those that are known. */
  readonly skewsMs: Readonly<Partial<Record<keyof OtherClocks, number>>>;
}

/**
 * Compares our clock with what the others said last. Where it is more than 30 s from any, it is
 * wrong: the service is not ready, and begins no months. Not to know is not to be wrong, so that an
 * outage of the provider stops nothing. Without others the clock is one that the host has given,
 * which is believed.
 */
export function clockState(others: OtherClocks, ours: OurTime): ClockState {
  const skews = Object.entries(others).flatMap(([name, other]) => {
    const reading = other.latest();
    return reading === undefined ? [] : [[name, clockSkewMs(reading, ours)] as const];
  });
  const isWrong = skews.some(([, skewMs]) => Math.abs(skewMs) > MAX_CLOCK_SKEW_MS);
  const isKnown = skews.length > 0 || Object.keys(others).length === 0;
  return {
    verdict: isWrong ? "wrong" : isKnown ? "ok" : "unknown",
    skewsMs: Object.fromEntries(skews),
  };
}

/**
 * How far our clock is from another one, at least: positive where it is ahead, 0 where they may be
 * the same. What the other clock shows by now is its reading and the time that has passed since,
 * by a clock that never jumps; so a step of ours shows at once, however old the reading is. What is
 * not known, such as how long the answer was on its way, is taken in our clock's favour.
 */
export function clockSkewMs(
  { time, resolutionMs, askedMs, answeredMs }: ClockReading,
  { now, monotonicMs }: OurTime,
): number {
  const apartMs = now.getTime() - time.getTime();
  const mostMs = apartMs - (monotonicMs - answeredMs);
  const leastMs = apartMs - (monotonicMs - askedMs) - (resolutionMs - 1);
  return leastMs > 0 ? leastMs : Math.min(mostMs, 0);
}

/** Whether a clock may begin months: no other shows that it is wrong. */
export function isClockTrusted(clock: Clock, otherClocks: OtherClocks): boolean {
  const ours = { now: clock(), monotonicMs: performance.now() };
  return clockState(otherClocks, ours).verdict !== "wrong";
}
