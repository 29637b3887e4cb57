import type { Model, QueryFilter, UpdateQuery } from "mongoose";
import type {
  EventInbox,
  EventLease,
  EventListing,
  InboxEvent,
} from "../../application/ports/events/event_inbox.ts";
import { PortError } from "../../application/ports/port_error.ts";
import {
  type BillingEvent,
  EVENT_STATES,
  type EventOutcome,
  type EventState,
} from "../../domain/events/billing_event.ts";
import { COLLECTIONS } from "./collections.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import {
  decodeEvent,
  EVENT_SCHEMA,
  type EventDocument,
  newDocument,
  placed,
  settlement,
} from "./stored_event.ts";
import { exactText, storedValue } from "./stored_value.ts";

/** Keeps the webhook events in MongoDB, one document each. */
export class MongoEventInbox implements EventInbox {
  readonly #database: MongoDatabase;
  readonly #events: Model<EventDocument>;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#events = database.connection.model<EventDocument>("StripeEvent", EVENT_SCHEMA);
  }

  /** {@inheritDoc} */
  receive(event: BillingEvent, now: Date, lease?: EventLease): Promise<EventState | "claimed"> {
    return this.#database.attempt("store the event", async () => {
      try {
        const collection = this.#database.collection<EventDocument>(COLLECTIONS.events);
        await collection.insertOne(newDocument(event, now, lease), this.#database.serverLimit);
        return lease === undefined ? "received" : "claimed";
      } catch (error) {
        // Only `_id` has a unique index in this collection.
        if (isDuplicateKey(error)) {
          return this.#stateOf(event.id);
        }
        throw error;
      }
    });
  }

  async #stateOf(eventId: string): Promise<EventState> {
    const found = await this.#events.findOne({ _id: eventId }, { state: 1 }).lean();
    if (found === null) {
      throw new PortError("Cannot store the event: an older copy has just been removed", {
        transient: true,
      });
    }
    return placed(found).oneOf("state", EVENT_STATES);
  }

  /** {@inheritDoc} */
  find(eventId: string): Promise<InboxEvent | undefined> {
    return this.#database.attempt("read the event", async () => {
      const found = await this.#events.findOne({ _id: exactText(eventId) }).lean();
      return found === null ? undefined : decodeEvent(found);
    });
  }

  /** {@inheritDoc} */
  claim(
    eventId: string,
    { token, now, until }: EventLease & { now: Date },
  ): Promise<InboxEvent | undefined> {
    return this.#database.attempt("claim the event", async () => {
      const _id = exactText(eventId);
      const hold = storedValue({
        state: "processing",
        reason: null,
        dueAt: until,
        leaseToken: token,
      });
      const claimable: QueryFilter<EventDocument>[] = [
        { state: { $in: ["received", "failed", "unmatched"] } },
        { state: "processing", dueAt: { $lte: now } },
      ];
      const found =
        (await this.#update({ _id, $or: claimable }, { $set: hold, $inc: { attempts: 1 } })) ??
        (await this.#update({ _id, state: "dead" }, { $set: { ...hold, attempts: 1 } }));
      return found === null ? undefined : decodeEvent(found);
    });
  }

  #update(
    filter: QueryFilter<EventDocument>,
    update: UpdateQuery<EventDocument>,
  ): Promise<unknown> {
    const options = { returnDocument: "after", ...this.#database.serverLimit } as const;
    return this.#events
      .findOneAndUpdate(filter, { ...update, $unset: { finishedAt: 1 } }, options)
      .lean()
      .exec();
  }

  /** {@inheritDoc} */
  settle(eventId: string, token: string, outcome: EventOutcome): Promise<boolean> {
    return this.#database.attempt("settle the event", async () => {
      const { matchedCount } = await this.#events.updateOne(
        { _id: exactText(eventId), state: "processing", leaseToken: exactText(token) },
        settlement(outcome),
        this.#database.serverLimit,
      );
      return matchedCount === 1;
    });
  }

  /** {@inheritDoc} */
  due({
    now,
    receivedBefore,
    limit,
  }: {
    now: Date;
    receivedBefore: Date;
    limit: number;
  }): Promise<readonly string[]> {
    return this.#database.attempt("list the events that are due", async () => {
      if (limit === 0) {
        return [];
      }
      const latest = now < receivedBefore ? receivedBefore : now;
      const waiting: QueryFilter<EventDocument>[] = [
        { state: "received", dueAt: { $lt: receivedBefore } },
        { state: { $in: ["failed", "processing"] }, dueAt: { $lte: now } },
      ];
      const found = await this.#events
        .find({ dueAt: { $lte: latest }, $or: waiting }, { _id: 1 })
        .sort({ dueAt: 1, _id: 1 })
        .limit(limit)
        .lean();
      return found.map((document) => placed(document).text("_id"));
    });
  }

  /** {@inheritDoc} */
  list({ state, type, after, limit }: EventListing): Promise<readonly InboxEvent[]> {
    return this.#database.attempt("list the events", async () => {
      if (limit === 0) {
        return [];
      }
      const found = await this.#events
        .find({
          ...(state !== undefined && { state }),
          ...(type !== undefined && { type: exactText(type) }),
          ...(after !== undefined && {
            receivedAt: { $lte: after.receivedAt },
            $or: [
              { receivedAt: { $lt: after.receivedAt } },
              { _id: { $lt: exactText(after.eventId) } },
            ],
          }),
        })
        .sort({ receivedAt: -1, _id: -1 })
        .limit(limit)
        .lean();
      return found.map(decodeEvent);
    });
  }

  /** {@inheritDoc} */
  count(): Promise<Readonly<Record<EventState, number>>> {
    return this.#database.attempt("count the events", async () => {
      const counts = EVENT_STATES.map(async (state) => [
        state,
        await this.#events.countDocuments({ state }, this.#database.serverLimit),
      ]);
      return Object.fromEntries(await Promise.all(counts)) as Record<EventState, number>;
    });
  }

  /** {@inheritDoc} */
  requeue(eventId: string, now: Date): Promise<boolean> {
    return this.#database.attempt("requeue the event", async () => {
      const waiting = storedValue({ state: "received", reason: null, attempts: 0, dueAt: now });
      const { matchedCount } = await this.#events.updateOne(
        { _id: exactText(eventId), state: { $ne: "processing" } },
        { $set: waiting, $unset: { finishedAt: 1 } },
        this.#database.serverLimit,
      );
      return matchedCount === 1;
    });
  }

  /** {@inheritDoc} */
  purge({ receivedBefore, limit }: { receivedBefore: Date; limit: number }): Promise<number> {
    return this.#database.attempt("remove old events", async () => {
      const old: QueryFilter<EventDocument> = {
        state: { $in: ["done", "ignored", "unmatched"] },
        receivedAt: { $lt: receivedBefore },
      };
      const found = limit === 0 ? [] : await this.#events.find(old, { _id: 1 }).limit(limit).lean();
      const ids = found.map((document) => placed(document).text("_id"));
      const { deletedCount } = await this.#events.deleteMany(
        { ...old, _id: { $in: ids } },
        this.#database.serverLimit,
      );
      return deletedCount;
    });
  }
}
