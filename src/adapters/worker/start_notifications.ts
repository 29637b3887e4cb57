import type {
  DeadDelivery,
  DeliverNotifications,
} from "../../application/notifications/deliver_notifications.ts";
import type { TellAllTenants } from "../../application/notifications/tell_all_tenants.ts";
import { repeat, type Worker } from "../../kit/repeat.ts";

/** Options of what tells hosts and webhook endpoints. */
export interface NotificationWorkerOptions {
  readonly deliverNotifications: DeliverNotifications;
  readonly tellAllTenants: TellAllTenants;
  /** Pause between two looks for deliveries that are due. Milliseconds. */
  readonly intervalMs: number;
  /** Pause between two sweeps over all tenants; the first is made at once. Milliseconds. */
  readonly sweepIntervalMs: number;
  /** Most deliveries, and most tenants, of one step. */
  readonly batchSize: number;
  /** Called for every delivery that was given up. */
  onDead(delivery: DeadDelivery): void;
  /** Called for every tenant and step that failed; it is tried again. */
  onError(error: unknown): void;
}

/** Delivers what is due, and tells what a crash has left untold. Every replica may do so. */
export function startNotifications(options: NotificationWorkerOptions): Worker {
  const { deliverNotifications, tellAllTenants, batchSize: limit, onDead, onError } = options;
  let after: string | undefined;
  const delivery = repeat({
    work: async (signal) => {
      const { attempts, dead } = await deliverNotifications.execute({ limit, signal });
      dead.forEach(onDead);
      return attempts === limit;
    },
    intervalMs: options.intervalMs,
    onError,
  });
  const sweep = repeat({
    work: async (signal) => {
      const { next, failures } = await tellAllTenants.execute({ after, limit, signal });
      failures.forEach(onError);
      after = next;
      return next !== undefined;
    },
    intervalMs: options.sweepIntervalMs,
    onError,
  });
  return {
    stop: async () => {
      await Promise.all([delivery.stop(), sweep.stop()]);
    },
  };
}
