import type { Clock, OtherClock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import { clockSkewMs, MAX_CLOCK_SKEW_MS } from "./clock_skew.ts";

/** Whose clocks ours is compared with. */
export type OtherClocks = Readonly<Partial<Record<"stripe" | "database", OtherClock>>>;

/** How our clock compares. */
export interface ClockState {
  /** `unknown`: no other clock has said anything yet. */
  readonly verdict: "ok" | "unknown" | "wrong";
  /** How far ours is ahead of each, at least, in milliseconds; only those that are known. */
  readonly skewsMs: Readonly<Partial<Record<keyof OtherClocks, number>>>;
}

/**
 * Compares our clock with those of the payment provider and the database. Where it is more than
 * 30 s from either, it is wrong: the service is not ready, and begins no months. Not to know is not
 * to be wrong, so that an outage of the provider stops nothing. Without others the clock is one
 * that the host has given, which is believed.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #others: OtherClocks;
  readonly #monotonicMs: () => number;

  /** @param ports.monotonicMs a clock that never jumps; default `performance.now` */
  constructor(ports: { clock: Clock; others: OtherClocks; monotonicMs?: () => number }) {
    this.#clock = ports.clock;
    this.#others = ports.others;
    this.#monotonicMs = ports.monotonicMs ?? (() => performance.now());
  }

  /** Asks the others, each for itself, and answers how our clock compares then. */
  async execute(): Promise<ClockState> {
    await Promise.all(Object.values(this.#others).map(askIfPossible));
    return this.state();
  }

  /** How our clock compares at this moment, without asking anybody. */
  state(): ClockState {
    const ours = { now: this.#clock(), monotonicMs: this.#monotonicMs() };
    const skews = Object.entries(this.#others).flatMap(([name, other]) => {
      const reading = other.latest();
      return reading === undefined ? [] : [[name, clockSkewMs(reading, ours)] as const];
    });
    const isWrong = skews.some(([, skewMs]) => Math.abs(skewMs) > MAX_CLOCK_SKEW_MS);
    const isKnown = skews.length > 0 || Object.keys(this.#others).length === 0;
    return {
      verdict: isWrong ? "wrong" : isKnown ? "ok" : "unknown",
      skewsMs: Object.fromEntries(skews),
    };
  }

  /** Whether months may be begun by our clock. */
  isTrusted(): boolean {
    return this.state().verdict !== "wrong";
  }
}

/** A clock that does not answer leaves open what it shows. */
async function askIfPossible(other: OtherClock): Promise<void> {
  try {
    await other.ask();
  } catch (error) {
    if (!(error instanceof PortError)) {
      throw error;
    }
  }
}
