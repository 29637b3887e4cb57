import type { PurgeEvents } from "../../application/events/purge_events.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** What the removal of old events runs on. */
export interface PurgeOptions {
  readonly purgeEvents: PurgeEvents;
  /** Pause once nothing old is left. Milliseconds. */
  readonly intervalMs: number;
  /** Most events that are removed at once; others can write in between. */
  readonly batchSize: number;
  /** Called when a removal failed; the next one follows after the pause. */
  onError(error: unknown): void;
}

/** Removes events that ended well and are older than the retention. Every replica may do so. */
export function startPurge({ purgeEvents, batchSize, ...rest }: PurgeOptions): Worker {
  return repeat({
    work: async () => (await purgeEvents.execute({ limit: batchSize })) === batchSize,
    ...rest,
  });
}
