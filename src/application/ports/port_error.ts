/**
 * A dependency failed: a database, the payment provider or the network. Every port throws it. The
 * original error is its `cause` and never leaves the process.
 */
export class PortError extends Error {
  override readonly name = "PortError";
  /** Whether the same call may succeed later. */
  readonly transient: boolean;
  /**
   * Whether the failure is stored under the call's idempotency key: a retry under that key only
   * repeats it (P22).
   */
  readonly keySpent: boolean;
  /**
   * Whether this is the stored failure of an earlier call under the same key. Nothing has failed
   * now, so a new key helps at once.
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
