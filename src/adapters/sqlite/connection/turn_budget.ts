import { setImmediate } from "node:timers";

/** How many calls one turn of the event loop may answer, and for how long, in milliseconds. */
const [MOST_CALLS, LONGEST_MS] = [100, 8];

/**
 * Gives the event loop its turns. SQLite answers at once, so whatever loops over its answers would
 * otherwise keep everybody else waiting until it is done: timers, requests, signals.
 */
export class TurnBudget {
  #calls = 0;
  #beganAt = 0;

  /** Counts a call; returns the next turn if this one has had enough. */
  spend(): Promise<void> | undefined {
    if (this.#calls === 0) {
      this.#beganAt = performance.now();
      setImmediate(() => {
        this.#calls = 0;
      });
    }
    this.#calls += 1;
    return this.#calls > MOST_CALLS || performance.now() - this.#beganAt > LONGEST_MS
      ? new Promise((resolve) => setImmediate(resolve))
      : undefined;
  }
}
