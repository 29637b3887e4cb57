import type { Clock, OtherClock, OtherClocks } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import { type ClockState, clockState } from "./clock_state.ts";

/** Asks the payment provider and the database for their time, and compares ours with it. */
export class MeasureClock {
  readonly #clock: Clock;
  readonly #otherClocks: OtherClocks;

  constructor(ports: { clock: Clock; otherClocks: OtherClocks }) {
    this.#clock = ports.clock;
    this.#otherClocks = ports.otherClocks;
  }

  /** Asks each clock separately; one that does not answer stays unknown. */
  async execute(): Promise<ClockState> {
    await Promise.all(Object.values(this.#otherClocks).map(askIfPossible));
    return this.state();
  }

  /** What the clocks said last, without asking them. */
  state(): ClockState {
    return clockState(this.#otherClocks, {
      now: this.#clock(),
      monotonicMs: performance.now(),
    });
  }
}

async function askIfPossible(other: OtherClock): Promise<void> {
  try {
    await other.ask();
  } catch (error) {
    if (!(error instanceof PortError)) {
      throw error;
    }
  }
}
