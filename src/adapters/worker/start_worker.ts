import type { HandleDueEvents, HandledEvent } from "../../application/handle_due_events.ts";

/** What the worker runs on. */
export interface WorkerOptions {
  readonly handleDueEvents: HandleDueEvents;
  /** Pause between two looks at the inbox. Milliseconds. */
  readonly intervalMs: number;
  /** Most events of one look. */
  readonly batchSize: number;
  /** Called for every event that was run. */
  onHandled(handled: HandledEvent): void;
  /** Called when a look failed; the next one follows after the pause. */
  onError(error: unknown): void;
}

/** A running worker. */
export interface Worker {
  /** Resolves when the event in hand is finished; no further one is begun. */
  stop(): Promise<void>;
}

/**
 * Runs events that wait for it, again and again. Every replica may have a worker: the inbox gives
 * each event to one of them (P08).
 */
export function startWorker(options: WorkerOptions): Worker {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const more = await look();
      if (!more) {
        await pause(options.intervalMs, signal);
      }
    }
  }

  async function look(): Promise<boolean> {
    try {
      const handled = await options.handleDueEvents.execute({ limit: options.batchSize, signal });
      handled.forEach(options.onHandled);
      return handled.length === options.batchSize;
    } catch (error) {
      options.onError(error);
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
