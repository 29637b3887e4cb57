import { PortError } from "./port_error.ts";

/** Returns the current time; everything that depends on the time uses it. */
export type Clock = () => Date;

/**
 * Whether the clock can be trusted. If not, nothing irreversible may be decided: no month begins.
 */
export type IsClockTrusted = () => boolean;

/** A month would have to begin, but the clock is not trusted. */
export class UntrustedClockError extends PortError {
  constructor(tenantId: string) {
    super(`Cannot begin a month of "${tenantId}": our clock is not trusted`, { transient: true });
  }
}

/** A reading of another clock. */
export interface ClockReading {
  /** Its time, truncated to `resolutionMs`. */
  readonly time: Date;
  readonly resolutionMs: number;
  /**
   * When the question was sent and when the answer arrived, by `performance.now()`, which never
   * jumps.
   */
  readonly askedMs: number;
  readonly answeredMs: number;
}

/** A clock to compare ours with. */
export interface OtherClock {
  /** Returns the last reading without asking; `undefined` before the first one. */
  latest(): ClockReading | undefined;

  /** Refreshes `latest` by asking, unless the last reading is recent. Throws `PortError`. */
  ask(): Promise<void>;
}

/** The clocks to compare ours with; none if the host gave us a clock. */
export type OtherClocks = Readonly<Partial<Record<"stripe" | "database", OtherClock>>>;
