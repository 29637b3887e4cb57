import { setImmediate } from "node:timers";

/** How many calls one turn of the event loop answers: a few milliseconds' worth. */
const MOST_CALLS = 50;

/**
 * Gives the event loop its turns. SQLite answers at once, so whatever loops over its answers would
 * otherwise keep everybody else waiting until it is done: timers, requests, signals. It counts calls
 * and not time, so that the same work takes the same turns on every machine.
 */
export class TurnBudget {
  #calls = 0;

  /** Counts a call; returns the next turn if this one has had enough. */
  spend(): Promise<void> | undefined {
    if (this.#calls === 0) {
      setImmediate(() => {
        this.#calls = 0;
      });
    }
    this.#calls += 1;
    return this.#calls > MOST_CALLS ? new Promise((resolve) => setImmediate(resolve)) : undefined;
  }
}
