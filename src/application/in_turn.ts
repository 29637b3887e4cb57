/** Lets works of one key wait for each other; each begins when the one before has ended. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Turns of their own: works wait for those that were given to the same function. */
export function inTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key);
    const run = before === undefined ? work() : before.then(work, work);
    last.set(key, run);
    try {
      return await run;
    } finally {
      if (last.get(key) === run) {
        last.delete(key);
      }
    }
  };
}
