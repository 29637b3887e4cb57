import { PortError } from "../../application/ports/port_error.ts";

/** The time source of a budget. */
export interface PacingTime {
  /** Milliseconds since an arbitrary moment; never goes back. */
  now(): number;
  /** Resolves after that many milliseconds, or earlier if the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A random number in [0, 1), to keep processes out of step. */
  random(): number;
}

/** The slowest rate, as a fraction of the allowed one. */
const SLOWEST = 1 / 16;
/** Number of accepted requests in a row that restore a halved rate. */
const RECOVERY_REQUESTS = 25;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_WISH_MS = 600_000;

/**
 * A token bucket for the requests of background work that holds one second's worth. When the
 * provider rate-limits a request, all wait as long as it asks; if it does not say, they back off
 * exponentially with jitter. Requests then resume at half the rate, which recovers with each
 * accepted one.
 */
export class RequestBudget {
  readonly #requestsPerSecond: number;
  readonly #time: PacingTime;
  #rate: number;
  #tokens: number;
  #filledAt: number;
  #pausedUntil = 0;
  #refusalsInARow = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** @throws {TypeError} if the rate is not a positive number */
  constructor({ requestsPerSecond }: { requestsPerSecond: number }, time = REAL_TIME) {
    if (!(requestsPerSecond > 0 && Number.isFinite(requestsPerSecond))) {
      throw new TypeError("Cannot pace requests: requestsPerSecond must be a positive number");
    }
    this.#requestsPerSecond = requestsPerSecond;
    this.#time = time;
    this.#rate = requestsPerSecond;
    this.#tokens = this.#capacity;
    this.#filledAt = time.now();
  }

  /** The current rate, in requests per second. */
  get rate(): number {
    return this.#rate;
  }

  /**
   * Resolves when a request may be sent, in the order of asking.
   *
   * @throws {PortError} (by rejection) if the signal aborts
   */
  take(signal: AbortSignal): Promise<void> {
    const turn = this.#queue.then(() => this.#wait(signal));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Records an accepted request. */
  accepted(): void {
    this.#refusalsInARow = 0;
    const step = this.#requestsPerSecond / 2 / RECOVERY_REQUESTS;
    this.#fill();
    this.#rate = Math.min(this.#requestsPerSecond, this.#rate + step);
  }

  /**
   * Records a rate-limited request. Refusals of requests in flight together count as one.
   *
   * @param retryAfterMs how long the provider asks us to wait; `null` if it does not say
   */
  refused(retryAfterMs: number | null): void {
    const now = this.#time.now();
    if (now >= this.#pausedUntil) {
      this.#refusalsInARow += 1;
      this.#rate = Math.max(this.#requestsPerSecond * SLOWEST, this.#rate / 2);
    }
    const pauseMs = FIRST_PAUSE_MS * 2 ** (this.#refusalsInARow - 1);
    const scattered = Math.min(LONGEST_PAUSE_MS, pauseMs) * (0.5 + this.#time.random() / 2);
    const wished = Math.min(LONGEST_WISH_MS, retryAfterMs ?? 0);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.max(wished, scattered));
    this.#tokens = 0;
    this.#filledAt = this.#pausedUntil;
  }

  get #capacity(): number {
    return Math.max(1, this.#requestsPerSecond);
  }

  async #wait(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) {
        throw new PortError("Cannot call Stripe: the work was stopped", { transient: true });
      }
      const pauseMs = this.#pausedUntil - this.#time.now();
      if (pauseMs > 0) {
        await this.#time.sleep(pauseMs, signal);
        continue;
      }
      this.#fill();
      if (this.#tokens >= 1) {
        this.#tokens -= 1;
        return;
      }
      await this.#time.sleep(Math.ceil(((1 - this.#tokens) / this.#rate) * 1_000), signal);
    }
  }

  #fill(): void {
    const now = this.#time.now();
    const passedMs = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.#capacity, this.#tokens + (passedMs * this.#rate) / 1_000);
    this.#filledAt = Math.max(this.#filledAt, now);
  }
}

const REAL_TIME: PacingTime = {
  now: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    }),
};
