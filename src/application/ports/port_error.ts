/**
 * A dependency failed: a database, the payment provider, the network. Thrown by every port;
 * the original error is its `cause` and never leaves the process.
 */
export class PortError extends Error {
  override readonly name = "PortError";
  /** Whether the same call may succeed later. */
  readonly transient: boolean;
  /**
   * Whether the failure is stored under the call's idempotency key, so that repeating it under
   * that key only repeats the failure (P22).
   */
  readonly keySpent: boolean;
  /**
   * Whether the call failed because of an earlier one under the same key: nothing has gone wrong
   * now, so that another key helps at once.
   */
  readonly replayed: boolean;

  constructor(
    message: string,
    options: { transient: boolean; keySpent?: boolean; replayed?: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.transient = options.transient;
    this.replayed = options.replayed ?? false;
    this.keySpent = options.keySpent ?? this.replayed;
  }
}
