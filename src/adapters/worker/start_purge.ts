import type { PurgeEvents } from "../../application/events/purge_events.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** Options of the removal of old events. */
export interface PurgeOptions {
  readonly purgeEvents: PurgeEvents;
  /** Pause once nothing old is left. Milliseconds. */
  readonly intervalMs: number;
  /** Most events to remove at once, so that other writes get their turn in between. */
  readonly batchSize: number;
  /** Called when a removal failed; it is tried again after the pause. */
  onError(error: unknown): void;
}

/** Removes events that ended well and are older than the retention. Every replica may do so. */
export function startPurge({ purgeEvents, batchSize, ...rest }: PurgeOptions): Worker {
  return repeat({
    work: async () => (await purgeEvents.execute({ limit: batchSize })) === batchSize,
    ...rest,
  });
}
