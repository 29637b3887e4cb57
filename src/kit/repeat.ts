/** Work that is repeated. */
export interface RepeatOptions {
  /** Does the work; returns whether there is more to do at once. */
  work(signal: AbortSignal): Promise<boolean>;
  /** Pause in milliseconds when there is no more to do or the work failed. */
  readonly intervalMs: number;
  /** Pause before the first time. Milliseconds; default 0. */
  readonly firstAfterMs?: number;
  /** Called when the work failed; it is repeated after the pause. */
  onError(error: unknown): void;
}

/** Background work that can be stopped. */
export interface Worker {
  /** Starts no further work and resolves when the work in progress has finished. */
  stop(): Promise<void>;
}

/** Repeats work after each pause until it is stopped. */
export function repeat({ work, intervalMs, firstAfterMs = 0, onError }: RepeatOptions): Worker {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    if (firstAfterMs > 0) {
      await pause(firstAfterMs, signal);
    }
    while (!signal.aborted) {
      const more = await attempt();
      if (!more) {
        await pause(intervalMs, signal);
      }
    }
  }

  async function attempt(): Promise<boolean> {
    try {
      return await work(signal);
    } catch (error) {
      onError(error);
      return false;
    }
  }

  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) {
      done();
    }
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
