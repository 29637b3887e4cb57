/** Requests that a look at the payment provider takes as a rule. */
const REQUESTS_PER_LOOK = 2;
/** What is saved up during a rest, in milliseconds of the rate. */
const SAVED_MS = 1_000;

/** Lets looks at the payment provider begin at a rate; after a rest, one second's worth at once. */
export class LookPace {
  readonly #intervalMs: number;
  /** When everything would be saved up again. */
  #fullAt = 0;

  /**
   * @param settings `eventRequestsPerSecond`: how many requests per second the looks may take
   */
  constructor({ eventRequestsPerSecond }: { eventRequestsPerSecond: number }) {
    this.#intervalMs = (1_000 * REQUESTS_PER_LOOK) / eventRequestsPerSecond;
  }

  /** Whether a look may begin at once. */
  get isFree(): boolean {
    return this.#waitMs(performance.now()) <= 0;
  }

  /** Resolves when the next look may begin, in the order of asking. */
  async take(): Promise<void> {
    const now = performance.now();
    const waitMs = this.#waitMs(now);
    this.#fullAt = Math.max(now, this.#fullAt) + this.#intervalMs;
    if (waitMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  #waitMs(now: number): number {
    return Math.max(now, this.#fullAt) + this.#intervalMs - now - SAVED_MS;
  }
}
