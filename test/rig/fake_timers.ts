import { mock } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

/** Timers that a test moves by hand. */
export interface FakeTimers {
  /** Lets time pass, and everything happen that follows from it at once. */
  pass(ms: number): Promise<void>;
}

/** More turns of the event loop than a chain of promises in a test needs. */
const TURNS = 20;

/** Timers that stand still during each test, unless it moves them. */
export function useFakeTimers(): FakeTimers {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());
  return {
    async pass(ms) {
      await settle();
      mock.timers.tick(ms);
      await settle();
    },
  };
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < TURNS; turns += 1) {
    await turn();
  }
}
