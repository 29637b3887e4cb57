/**
 * Makes calls with the same key share work: while one run is in progress, all further calls wait
 * for one more run that begins after it. Every caller gets the result of a run that began after its
 * call, and a burst of any size costs at most two runs. What a caller knows already (`known`) is
 * given to a run that begins with its call; one that begins later has to read it itself.
 */
export function coalesce<T, Known = never>(
  work: (key: string, known?: Known) => Promise<T>,
): (key: string, known?: Known) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  const queued = new Map<string, Promise<T>>();

  function start(key: string, known?: Known): Promise<T> {
    const run = work(key, known).finally(() => {
      if (running.get(key) === run) {
        running.delete(key);
      }
    });
    running.set(key, run);
    return run;
  }

  function startAfter(key: string, current: Promise<T>): Promise<T> {
    const next = current.then(
      () => startQueued(key),
      () => startQueued(key),
    );
    queued.set(key, next);
    return next;
  }

  function startQueued(key: string): Promise<T> {
    queued.delete(key);
    return start(key);
  }

  return (key, known) => {
    const next = queued.get(key);
    if (next !== undefined) {
      return next;
    }
    const current = running.get(key);
    return current === undefined ? start(key, known) : startAfter(key, current);
  };
}
