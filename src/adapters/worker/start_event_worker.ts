import type { HandleDueEvents, HandledEvent } from "../../application/events/handle_due_events.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** Options of the event worker. */
export interface EventWorkerOptions {
  readonly handleDueEvents: HandleDueEvents;
  /** Pause between two looks at the inbox. Milliseconds. */
  readonly intervalMs: number;
  /** Most events of one look. */
  readonly batchSize: number;
  /** Called for every event that was run. */
  onHandled(handled: HandledEvent): void;
  /** Called when a look failed; the worker tries again after the pause. */
  onError(error: unknown): void;
}

/**
 * Keeps running the events that are due. Every replica may run a worker: the inbox gives each event
 * to one of them (P08).
 */
export function startEventWorker(options: EventWorkerOptions): Worker {
  const { handleDueEvents, intervalMs, batchSize, onHandled, onError } = options;
  return repeat({
    work: async (signal) => {
      const handled = await handleDueEvents.execute({ limit: batchSize, signal });
      handled.forEach(onHandled);
      return handled.length === batchSize;
    },
    intervalMs,
    onError,
  });
}
