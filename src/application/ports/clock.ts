import { PortError } from "./port_error.ts";

/** The current time, for everything that depends on it. */
export type Clock = () => Date;

/**
 * Whether the clock can be believed. Where it cannot, nothing may be decided that a later look
 * cannot take back: no month is begun.
 */
export type IsClockTrusted = () => boolean;

/** A new month is needed, and our clock is not trusted to begin one. */
export class UntrustedClockError extends PortError {
  constructor(tenantId: string) {
    super(`Cannot begin a month of "${tenantId}": our clock is not trusted`, { transient: true });
  }
}

/** What another clock said, and when it was asked. */
export interface ClockReading {
  /** Its time when it answered, cut to `resolutionMs`. */
  readonly time: Date;
  readonly resolutionMs: number;
  /** When it was asked and when it had answered, by `performance.now()`, which never jumps. */
  readonly askedMs: number;
  readonly answeredMs: number;
}

/** Another clock. */
export interface OtherClock {
  /** What it said last, without asking; `undefined` where it has not said anything. */
  latest(): ClockReading | undefined;

  /** Asks it, unless it has just answered, so that `latest` is new. Throws `PortError`. */
  ask(): Promise<void>;
}

/** The clocks to compare ours with; none if the host gave us a clock. */
export type OtherClocks = Readonly<Partial<Record<"stripe" | "database", OtherClock>>>;
