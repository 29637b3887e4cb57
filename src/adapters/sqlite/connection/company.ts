import { setImmediate } from "node:timers";

/** How many writes may run at once in one turn: milliseconds' worth; others wait meanwhile. */
const MOST_AT_ONCE = 8;

/**
 * Tells whether a write will have company in its turn of the event loop. It looks at calls and not at
 * time: company is expected once two that do not wait for one another have written in one turn, and
 * no longer once a single one has.
 */
export class Company {
  #isExpected = true;
  #hasCome = false;
  #isUnanswered = false;
  #isOtherCaller = false;
  #atOnce = 0;

  /** Whether a write may run at once, because none is expected that could share its transaction. */
  isUnlikely(): boolean {
    this.#hasCome ||= this.#isUnanswered || this.#isOtherCaller;
    return !(this.#isExpected || this.#hasCome) && this.#atOnce < MOST_AT_ONCE;
  }

  /** Takes note of a write that runs at once. */
  note(): void {
    if (this.#atOnce === 0) {
      process.nextTick(() => {
        this.#isOtherCaller = this.#atOnce > 0;
      });
      setImmediate(() => {
        this.#isOtherCaller = false;
        this.#atOnce = 0;
      });
    }
    this.#atOnce += 1;
    this.#isUnanswered = true;
    queueMicrotask(() => {
      this.#isUnanswered = false;
    });
  }

  /** Takes note of how many writes have waited for the end of a turn. */
  noteTurn(writes: number): void {
    this.#isExpected = writes > 1 || this.#hasCome;
    this.#hasCome = false;
  }
}
