/** Work that is done again and again. */
export interface RepeatOptions {
  /** Answers whether there is more to do right away. */
  work(signal: AbortSignal): Promise<boolean>;
  /** Pause where there is no more, or the work failed. Milliseconds. */
  readonly intervalMs: number;
  /** Pause before the first time. Milliseconds; default 0. */
  readonly firstAfterMs?: number;
  /** Called when the work failed; the next time follows after the pause. */
  onError(error: unknown): void;
}

/** Work that goes on in the background. */
export interface Worker {
  /** Resolves when the work in hand is finished; no further one is begun. */
  stop(): Promise<void>;
}

/** Does some work, and again after each pause, until it is stopped. */
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
