import type { PurgeEvents } from "../../application/events/purge_events.ts";
import type { PurgeDeliveries } from "../../application/notifications/delivery_log.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** Options of the removal of old events. */
export interface PurgeOptions {
  readonly purgeEvents: PurgeEvents;
  readonly purgeDeliveries: PurgeDeliveries;
  /** Pause once nothing old is left. Milliseconds. */
  readonly intervalMs: number;
  /** Most events to remove at once, so that other writes get their turn in between. */
  readonly batchSize: number;
  /** Called when a removal failed; it is tried again after the pause. */
  onError(error: unknown): void;
}

/**
 * Removes events that ended well, and deliveries, that are older than the retention. Every replica
 * may do so.
 */
export function startPurge(options: PurgeOptions): Worker {
  const { purgeEvents, purgeDeliveries, batchSize: limit, ...rest } = options;
  return repeat({
    work: async () => {
      const events = await purgeEvents.execute({ limit });
      const deliveries = await purgeDeliveries.execute({ limit });
      return events === limit || deliveries === limit;
    },
    ...rest,
  });
}
