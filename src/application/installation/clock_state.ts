import type { Clock, ClockReading, OtherClocks } from "../ports/clock.ts";

/** How far clocks may differ: more than a network's delay, less than what could do harm. */
export const MAX_CLOCK_SKEW_MS = 30_000;

/** Our time, and `performance.now()` at the same moment. */
export interface OurTime {
  readonly now: Date;
  readonly monotonicMs: number;
}

/** The result of comparing our clock. */
export interface ClockState {
  /** `unknown`: no other clock has been read yet. */
  readonly verdict: "ok" | "unknown" | "wrong";
  /** How far ours is ahead of each clock that was read, at least, in milliseconds. */
  readonly skewsMs: Readonly<Partial<Record<keyof OtherClocks, number>>>;
}

/**
 * Compares our clock with the last readings of the others. If it differs from any by more than 30
 * s, it is wrong: the service is not ready and begins no months. An unknown clock is not a wrong
 * one, because an outage of the provider must not stop the service. Without other clocks, the host
 * has given us one, which is trusted.
 */
export function clockState(others: OtherClocks, ours: OurTime): ClockState {
  const skews = Object.entries(others).flatMap(([name, other]) => {
    const reading = other.latest();
    return reading === undefined ? [] : [[name, clockSkewMs(reading, ours)] as const];
  });
  const isWrong = skews.some(([, skewMs]) => isFar(skewMs));
  const isKnown = skews.length > 0 || Object.keys(others).length === 0;
  return {
    verdict: isWrong ? "wrong" : isKnown ? "ok" : "unknown",
    skewsMs: Object.fromEntries(skews),
  };
}

/**
 * Returns how far our clock is ahead of another one, at least, in milliseconds; negative if it is
 * behind, 0 if they may agree. The other clock's present time is its reading plus the time since,
 * by a clock that never jumps; a jump of ours therefore shows at once, however old the reading is.
 * Unknowns, such as the answer's travel time, count in our clock's favour.
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

/** Whether a clock may begin months: no other clock contradicts it. */
export function isClockTrusted(clock: Clock, otherClocks: OtherClocks): boolean {
  const ours = { now: clock(), monotonicMs: performance.now() };
  return Object.values(otherClocks).every((other) => {
    const reading = other.latest();
    return reading === undefined || !isFar(clockSkewMs(reading, ours));
  });
}

function isFar(skewMs: number): boolean {
  return Math.abs(skewMs) > MAX_CLOCK_SKEW_MS;
}
