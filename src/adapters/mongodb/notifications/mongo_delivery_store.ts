import type { mongo } from "mongoose";
import {
  type Delivery,
  type DeliveryCursor,
  type DeliveryStore,
  KEPT_ATTEMPTS,
  type NewDelivery,
} from "../../../application/ports/notifications/delivery_store.ts";
import type {
  DeliveryAttempt,
  DeliveryState,
} from "../../../domain/notifications/notification_target.ts";
import { COLLECTIONS } from "../collections.ts";
import { isDuplicateKey } from "../duplicate_key.ts";
import type { MongoDatabase } from "../mongo_database.ts";

import { StoredDocument } from "../stored_document.ts";
import { exactText, storedValue } from "../stored_value.ts";

/** A delivery as stored; `dueAt` is absent unless it waits. */
export type DeliveryDocument = Omit<Delivery, "id"> & { readonly _id: string };

const STATES: readonly DeliveryState[] = ["waiting", "done", "dead"];

/** Of the deliveries that are due; further ones wait for the next claim. */
const MOST_CANDIDATES = 500;

/** Keeps the deliveries of notifications in MongoDB, one document each. */
export class MongoDeliveryStore implements DeliveryStore {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  add({ id, ...delivery }: NewDelivery): Promise<"added" | "exists"> {
    return this.#database.attempt("add a delivery", async () => {
      const { createdAt: dueAt } = delivery;
      const fresh = { state: "waiting", dueAt, attempts: 0, claims: 0, log: [] } as const;
      const document = storedValue({ _id: exactText(id), ...delivery, ...fresh });
      try {
        await this.#collection.insertOne(document, this.#database.serverLimit);
        return "added";
      } catch (error) {
        if (isDuplicateKey(error)) {
          return "exists";
        }
        throw error;
      }
    });
  }

  /**
   * {@inheritDoc}
   *
   * Which one is the first of its lane is read before it is claimed: meanwhile it may have ended,
   * but none is added before it.
   */
  claim({
    targetIds,
    ofTypes = [],
    now,
    until,
  }: {
    targetIds: readonly string[];
    ofTypes?: readonly (readonly [string, string])[];
    now: Date;
    until: Date;
  }): Promise<Delivery | undefined> {
    return this.#database.attempt("claim a delivery", async () => {
      const either = ofTypes.map(([targetId, type]) => ({ targetId, type }));
      const wanted = { $or: [{ targetId: { $in: [...targetIds] } }, ...either] };
      const due = { dueAt: { $lte: storedValue(now) }, ...wanted };
      const candidates = await this.#collection
        .find(due, this.#database.serverLimit)
        .sort({ dueAt: 1, position: 1, _id: 1 })
        .limit(MOST_CANDIDATES)
        .toArray();
      for (const lane of new Set(candidates.map((candidate) => candidate.lane))) {
        const first = await this.#firstOf(lane, wanted);
        const claimed = first && (await this.#hold(first, due, until));
        if (claimed) {
          return decodeDelivery(claimed);
        }
      }
      return undefined;
    });
  }

  #firstOf(lane: string, wanted: mongo.Filter<DeliveryDocument>): Promise<DeliveryDocument | null> {
    return this.#collection.findOne(
      { lane: exactText(lane), dueAt: { $exists: true }, ...wanted },
      { ...this.#database.serverLimit, sort: { position: 1, _id: 1 } },
    );
  }

  /** Returns `null` if it is not due or somebody else has claimed it. */
  #hold(
    { _id, claims }: DeliveryDocument,
    due: mongo.Filter<DeliveryDocument>,
    until: Date,
  ): Promise<DeliveryDocument | null> {
    return this.#collection.findOneAndUpdate(
      { _id, claims, ...due },
      { $set: { dueAt: storedValue(until) }, $inc: { attempts: 1, claims: 1 } },
      { returnDocument: "after", ...this.#database.serverLimit },
    );
  }

  /** {@inheritDoc} */
  settle(
    { id, claims }: Pick<Delivery, "id" | "claims">,
    outcome: { state: DeliveryState; dueAt: Date | null; attempt: DeliveryAttempt },
  ): Promise<boolean> {
    return this.#database.attempt("settle a delivery", async () => {
      const { state, dueAt, attempt } = outcome;
      const { matchedCount } = await this.#collection.updateOne(
        { _id: exactText(id), claims, state: "waiting" },
        {
          ...(dueAt === null
            ? { $set: { state }, $unset: { dueAt: 1 } }
            : { $set: storedValue({ state, dueAt }) }),
          $push: { log: { $each: [storedValue(attempt)], $slice: -KEPT_ATTEMPTS } },
        } as mongo.UpdateFilter<DeliveryDocument>,
        this.#database.serverLimit,
      );
      return matchedCount === 1;
    });
  }

  /** {@inheritDoc} */
  replay(id: string, now: Date): Promise<boolean> {
    return this.#database.attempt("replay a delivery", async () => {
      const { matchedCount } = await this.#collection.updateOne(
        { _id: exactText(id) },
        { $set: storedValue({ state: "waiting", dueAt: now, attempts: 0 } as const) },
        this.#database.serverLimit,
      );
      return matchedCount === 1;
    });
  }

  /** {@inheritDoc} */
  find(id: string): Promise<Delivery | undefined> {
    return this.#database.attempt("read a delivery", async () => {
      const found = await this.#collection.findOne(
        { _id: exactText(id) },
        this.#database.serverLimit,
      );
      return found === null ? undefined : decodeDelivery(found);
    });
  }

  /** {@inheritDoc} */
  list(
    targetId: string,
    { after, limit }: { after?: DeliveryCursor | undefined; limit: number },
  ): Promise<readonly Delivery[]> {
    return this.#database.attempt("list deliveries", async () => {
      if (limit === 0) {
        return [];
      }
      const filter: mongo.Filter<DeliveryDocument> = {
        targetId: exactText(targetId),
        ...(after !== undefined && {
          createdAt: { $lte: storedValue(after.createdAt) },
          $or: [{ createdAt: { $lt: after.createdAt } }, { _id: { $lt: exactText(after.id) } }],
        }),
      };
      const found = await this.#collection
        .find(filter, this.#database.serverLimit)
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .toArray();
      return found.map(decodeDelivery);
    });
  }

  /** {@inheritDoc} */
  purge({ createdBefore, limit }: { createdBefore: Date; limit: number }): Promise<number> {
    return this.#database.attempt("remove old deliveries", async () => {
      if (limit === 0) {
        return 0;
      }
      const old = { createdAt: { $lt: storedValue(createdBefore) } };
      const found = await this.#collection
        .find(old, { ...this.#database.serverLimit, projection: { _id: 1 } })
        .limit(limit)
        .toArray();
      const { deletedCount } = await this.#collection.deleteMany(
        { _id: { $in: found.map(({ _id }) => _id) } },
        this.#database.serverLimit,
      );
      return deletedCount;
    });
  }

  get #collection() {
    return this.#database.collection<DeliveryDocument>(COLLECTIONS.deliveries);
  }
}

/** Reads a document. */
export function decodeDelivery(found: unknown): Delivery {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.deliveries}`);
  return {
    id: document.text("_id"),
    targetId: document.text("targetId"),
    lane: document.text("lane"),
    position: document.integer("position"),
    type: document.text("type"),
    body: document.text("body"),
    createdAt: document.instant("createdAt"),
    state: document.oneOf("state", STATES),
    dueAt: document.instantOrNull("dueAt"),
    attempts: document.integer("attempts"),
    claims: document.integer("claims"),
    log: document.parts("log", (attempt) => ({
      at: attempt.instant("at"),
      status: attempt.integerOrNull("status"),
      error: attempt.textOrNull("error"),
    })),
  };
}
