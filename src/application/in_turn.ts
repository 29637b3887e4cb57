import { inTime, LONGEST_WAIT_MS } from "./in_time.ts";
import type { OrPromise } from "./ports/or_promise.ts";
import { PortError } from "./ports/port_error.ts";

/** A turn in the queue. */
export interface Turn {
  /** Whether nobody waits for the work any more, so it should stop. */
  readonly isLate: boolean;
}

/**
 * Runs work of one key in turns; each begins when the one before has ended. Where nothing waits and
 * the work is done at once, its answer is there at once.
 */
export type InTurn = <T>(key: string, work: (turn: Turn) => OrPromise<T>) => OrPromise<T>;

/** Limits of a queue. */
export interface TurnLimits {
  /** How long work may wait and run together, in milliseconds. */
  readonly waitMs?: number;
  /** How many pieces of work of one key may wait or run. */
  readonly most?: number;
}

const MOST = 1_000;

/**
 * Creates queues: work waits only for work given to the same function. Late work is abandoned: its
 * caller gets a `PortError`, and the next one begins; if its turn has not come by then, it never
 * begins. Refuses work at once while too much is waiting.
 */
export function inTurn({ waitMs = LONGEST_WAIT_MS, most = MOST }: TurnLimits = {}): InTurn {
  const queues = new Map<string, { last: Promise<unknown>; length: number }>();
  const wait = async <T>(key: string, turn: { isLate: boolean }, run: Promise<T>): Promise<T> => {
    const answer = inTime(run, { action: `take a turn of "${key}"`, ms: waitMs });
    queues.set(key, { last: answer, length: (queues.get(key)?.length ?? 0) + 1 });
    try {
      return await answer;
    } finally {
      turn.isLate = true;
      leave(queues, key);
    }
  };
  return (key, work) => {
    const turn = { isLate: false };
    const queue = queues.get(key);
    if (queue === undefined) {
      const done = work(turn);
      return done instanceof Promise ? wait(key, turn, done) : done;
    }
    if (queue.length >= most) {
      const state = `${queue.length} calls wait already`;
      const message = `Cannot wait for a turn of "${key}": ${state}`;
      return Promise.reject(new PortError(message, { transient: true }));
    }
    return wait(key, turn, afterwards(queue.last, turn, work));
  };
}

async function afterwards<T>(
  before: Promise<unknown>,
  turn: Turn,
  work: (turn: Turn) => OrPromise<T>,
): Promise<T> {
  await before.catch(() => undefined);
  if (turn.isLate) {
    throw new PortError("Cannot begin: nobody waits any more", { transient: true });
  }
  return await work(turn);
}

function leave(queues: Map<string, { last: Promise<unknown>; length: number }>, key: string): void {
  const queue = queues.get(key);
  if (queue !== undefined && queue.length > 1) {
    queues.set(key, { ...queue, length: queue.length - 1 });
  } else {
    queues.delete(key);
  }
}
