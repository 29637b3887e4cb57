import { expect } from "chai";
import { startEventWorker } from "../../../src/adapters/worker/start_event_worker.ts";
import type {
  HandleDueEvents,
  HandledEvent,
} from "../../../src/application/events/handle_due_events.ts";

type Look = (command: { limit: number; signal?: AbortSignal }) => Promise<readonly HandledEvent[]>;

/** A stand-in that counts looks and answers as told. */
function dueEvents(look: Look): HandleDueEvents {
  return { execute: look } as Pick<HandleDueEvents, "execute"> as HandleDueEvents;
}

const handled = (eventId: string): HandledEvent => ({
  eventId,
  outcome: { type: "settled", outcome: { state: "done" } },
});

describe("startEventWorker", () => {
  it("P08 looks again at once while a look fills its batch, then reports each event", async () => {
    const looks = [[handled("evt_1"), handled("evt_2")], [handled("evt_3")]];
    const reported: string[] = [];
    let count = 0;
    const drained = Promise.withResolvers<void>();
    const worker = startEventWorker({
      handleDueEvents: dueEvents(async () => {
        const found = looks[count] ?? [];
        count += 1;
        return found;
      }),
      intervalMs: 3_600_000,
      batchSize: 2,
      onHandled: ({ eventId }) => {
        reported.push(eventId);
        if (eventId === "evt_3") {
          drained.resolve();
        }
      },
      onError: (error) => drained.reject(error),
    });
    await drained.promise;
    await worker.stop();
    expect(reported).to.deep.equal(["evt_1", "evt_2", "evt_3"]);
    expect(count).to.equal(2);
  });

  it("goes on after a look that failed", async () => {
    let count = 0;
    const errors: unknown[] = [];
    const recovered = Promise.withResolvers<void>();
    const worker = startEventWorker({
      handleDueEvents: dueEvents(async () => {
        count += 1;
        if (count === 1) {
          throw new Error("database down");
        }
        recovered.resolve();
        return [];
      }),
      intervalMs: 1,
      batchSize: 2,
      onHandled: () => {},
      onError: (error) => errors.push(error),
    });
    await recovered.promise;
    await worker.stop();
    expect(errors).to.have.length(1);
  });

  it("stops at once while it waits, and tells a look in progress to end", async () => {
    const begun = Promise.withResolvers<AbortSignal | undefined>();
    const release = Promise.withResolvers<void>();
    const worker = startEventWorker({
      handleDueEvents: dueEvents(async ({ signal }) => {
        begun.resolve(signal);
        await release.promise;
        return [];
      }),
      intervalMs: 3_600_000,
      batchSize: 1,
      onHandled: () => {},
      onError: () => {},
    });
    const signal = await begun.promise;
    let ended = false;
    const stopping = worker.stop().then(() => {
      ended = true;
    });
    expect(signal?.aborted).to.equal(true);
    expect(ended).to.equal(false);
    release.resolve();
    await stopping;
  });
});
