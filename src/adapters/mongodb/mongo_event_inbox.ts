import { type Model, type QueryFilter, Schema, type UpdateQuery } from "mongoose";
import type { EventInbox, InboxEvent } from "../../application/ports/event_inbox.ts";
import { PortError } from "../../application/ports/port_error.ts";
import type { BillingEvent, EventOutcome, EventState } from "../../domain/billing_event.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { COLLECTIONS } from "./mongo_indexes.ts";
import { StoredDocument } from "./stored_document.ts";
import { exactText, storedValue } from "./stored_value.ts";

/** An event as it is stored. */
interface EventDocument extends Omit<BillingEvent, "id"> {
  readonly _id: string;
  readonly state: EventState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly receivedAt: Date;
  /**
   * Since when it waits for handling: when it was received, when its next attempt is due, or when
   * its lease runs out. Absent in the states that end well or are dead.
   */
  readonly dueAt?: Date;
  readonly leaseToken?: string;
  /** When it ended well, by the server's clock; what it is removed by. */
  readonly finishedAt?: Date;
}

const STATES: readonly EventState[] = [
  "received",
  "processing",
  "done",
  "ignored",
  "unmatched",
  "failed",
  "dead",
];

const SCHEMA = new Schema<EventDocument>(
  {
    _id: String,
    state: String,
    attempts: Number,
    reason: String,
    receivedAt: Date,
    dueAt: Date,
    leaseToken: String,
    finishedAt: Date,
    type: String,
    createdAt: Date,
    livemode: Boolean,
    connectedAccount: String,
    customerId: String,
    payload: String,
  },
  { collection: COLLECTIONS.events, versionKey: false, strict: "throw" },
);

/** Keeps the webhook events in MongoDB, one document each. */
export class MongoEventInbox implements EventInbox {
  readonly #database: MongoDatabase;
  readonly #events: Model<EventDocument>;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#events = database.connection.model<EventDocument>("StripeEvent", SCHEMA);
  }

  /** {@inheritDoc} */
  receive(event: BillingEvent, now: Date): Promise<EventState> {
    return this.#database.attempt("store the event", async () => {
      try {
        const collection = this.#database.collection<EventDocument>(COLLECTIONS.events);
        await collection.insertOne(newDocument(event, now), this.#database.serverLimit);
        return "received";
      } catch (error) {
        // The collection has no other unique index than that of `_id`.
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
    return placed(found).oneOf("state", STATES);
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
    { token, now, until }: { token: string; now: Date; until: Date },
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
}

function newDocument({ id, ...event }: BillingEvent, now: Date): EventDocument {
  return {
    _id: exactText(id),
    ...storedValue({ ...event, state: "received", attempts: 0, reason: null }),
    ...storedValue({ receivedAt: now, dueAt: now }),
  };
}

function settlement(outcome: EventOutcome): UpdateQuery<EventDocument> {
  const { state } = outcome;
  const reason = state === "done" ? null : outcome.reason;
  switch (state) {
    case "failed":
      return {
        $set: storedValue({ state, reason, dueAt: outcome.nextAttemptAt }),
        $unset: { leaseToken: 1 },
      };
    case "dead":
      return { $set: { state, reason }, $unset: { leaseToken: 1, dueAt: 1 } };
    default:
      return {
        $set: { state, reason },
        $unset: { leaseToken: 1, dueAt: 1 },
        $currentDate: { finishedAt: true },
      };
  }
}

function placed(found: unknown): StoredDocument {
  return new StoredDocument(found, `a document in ${COLLECTIONS.events}`);
}

function decodeEvent(found: unknown): InboxEvent {
  const document = placed(found);
  const state = document.oneOf("state", STATES);
  return {
    event: {
      id: document.text("_id"),
      type: document.text("type"),
      createdAt: document.instant("createdAt"),
      livemode: document.flag("livemode"),
      connectedAccount: document.textOrNull("connectedAccount"),
      customerId: document.textOrNull("customerId"),
      payload: document.text("payload"),
    },
    state,
    attempts: document.integer("attempts"),
    reason: document.textOrNull("reason"),
    receivedAt: document.instant("receivedAt"),
    nextAttemptAt: state === "failed" ? document.instant("dueAt") : null,
  };
}
