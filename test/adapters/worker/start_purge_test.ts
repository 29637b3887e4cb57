import { expect } from "chai";
import { startPurge } from "../../../src/adapters/worker/start_purge.ts";
import type { PurgeEvents } from "../../../src/application/events/purge_events.ts";
import type { PurgeDeliveries } from "../../../src/application/notifications/delivery_log.ts";

describe("startPurge", () => {
  it("removes batch by batch until nothing old is left, then waits", async () => {
    const removed = [5, 5, 2];
    const asked: number[] = [];
    const drained = Promise.withResolvers<void>();
    const execute = async ({ limit }: { limit: number }) => {
      asked.push(limit);
      if (asked.length === removed.length) {
        drained.resolve();
      }
      return removed[asked.length - 1] ?? 0;
    };
    const purge = startPurge({
      purgeEvents: { execute } as Pick<PurgeEvents, "execute"> as PurgeEvents,
      purgeDeliveries: {
        execute: async ({ limit }: { limit: number }) => (asked.length === 3 ? limit : 0),
      } as Pick<PurgeDeliveries, "execute"> as PurgeDeliveries,
      intervalMs: 3_600_000,
      batchSize: 5,
      onError: (error) => drained.reject(error),
    });
    await drained.promise;
    await purge.stop();
    expect(asked).to.deep.equal([5, 5, 5]);
  });
});
