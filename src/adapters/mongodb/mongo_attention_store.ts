import type { mongo } from "mongoose";
import type {
  AttentionListing,
  AttentionStore,
} from "../../application/ports/attention/attention_store.ts";
import {
  ATTENTION_STATES,
  type AttentionItem,
  type AttentionRecord,
  type AttentionState,
  type AttentionTurn,
  KEPT_TURNS,
  tenantOfAttention,
} from "../../domain/attention/attention_item.ts";
import { COLLECTIONS } from "./collections.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { StoredDocument } from "./stored_document.ts";
import { exactText, storedValue } from "./stored_value.ts";

/** An attention item as stored. */
type AttentionDocument = Omit<AttentionRecord, "id"> & { readonly _id: string };

const STANDING: readonly AttentionState[] = ["open", "resolved"];

/** Keeps the attention items in MongoDB, one document each. */
export class MongoAttentionStore implements AttentionStore {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  find(id: string): Promise<AttentionRecord | undefined> {
    return this.#database.attempt("read an attention item", async () => {
      const found = await this.#collection.findOne(placeOf(id), this.#database.serverLimit);
      return found === null ? undefined : decodeAttention(found);
    });
  }

  /** {@inheritDoc} */
  known(tenantId: string | null): Promise<readonly AttentionRecord[]> {
    return this.#database.attempt("list the attention items of a tenant", async () => {
      const filter = { tenantId: tenantId && exactText(tenantId), state: { $in: [...STANDING] } };
      const found = await this.#collection.find(filter, this.#database.serverLimit).toArray();
      return found.map(decodeAttention);
    });
  }

  /** {@inheritDoc} */
  knownOf(kinds: readonly string[]): Promise<readonly AttentionRecord[]> {
    return this.#database.attempt("list the attention items of some kinds", async () => {
      const filter = { state: { $in: [...STANDING] }, kind: { $in: kinds.map(exactText) } };
      const found = await this.#collection.find(filter, this.#database.serverLimit).toArray();
      return found.map(decodeAttention);
    });
  }

  /** {@inheritDoc} */
  untold(tenantId: string | null): Promise<readonly AttentionRecord[]> {
    return this.#database.attempt("list what nobody was told of attention items", async () => {
      const filter = { tenantId: tenantId && exactText(tenantId), "untold.0": { $exists: true } };
      const found = await this.#collection.find(filter, this.#database.serverLimit).toArray();
      return found.map(decodeAttention);
    });
  }

  /** {@inheritDoc} */
  told({ id, turns }: Pick<AttentionRecord, "id" | "turns">): Promise<void> {
    return this.#database.attempt("note what was told of an attention item", async () => {
      const filter = { ...placeOf(id), turns: storedValue(turns) };
      await this.#collection.updateOne(
        filter,
        { $set: { untold: [] } },
        this.#database.serverLimit,
      );
    });
  }

  /** {@inheritDoc} */
  raise(
    item: AttentionItem,
    { revision, at }: { revision: number; at: Date },
  ): Promise<"raised" | "known"> {
    return this.#database.attempt("raise an attention item", async () => {
      const { id, since, message, action } = item;
      const words = { message, action, revision };
      const opened = {
        ...words,
        since,
        state: "open",
        resolvedAt: null,
        resolvedBy: null,
      } as const;
      if (await this.#update(id, { revision, states: STANDING }, words)) {
        return "known";
      }
      const turn = { type: "raised", at } as const;
      if (await this.#update(id, { revision, states: ["gone"] }, opened, turn)) {
        return "raised";
      }
      return await this.#insert({ ...item, ...opened, turns: 1, untold: [turn] });
    });
  }

  /** {@inheritDoc} */
  clear(id: string, { revision, at }: { revision: number; at: Date }): Promise<void> {
    return this.#database.attempt("clear an attention item", async () => {
      const gone = { state: "gone", revision } as const;
      const cleared = { ...gone, resolvedAt: at };
      const turn = { type: "resolved", at } as const;
      if (!(await this.#update(id, { revision, states: ["open"] }, cleared, turn))) {
        await this.#update(id, { revision, states: ["resolved"] }, gone);
      }
    });
  }

  /** {@inheritDoc} */
  resolve(id: string, { operator, at }: { operator: string; at: Date }): Promise<boolean> {
    return this.#database.attempt("resolve an attention item", () => {
      const resolved = { state: "resolved", resolvedAt: at, resolvedBy: operator } as const;
      return this.#update(id, { states: ["open"] }, resolved, { type: "resolved", at });
    });
  }

  /** {@inheritDoc} */
  list({
    tenantId,
    all = false,
    after,
    limit,
  }: AttentionListing): Promise<readonly AttentionRecord[]> {
    return this.#database.attempt("list the attention items", async () => {
      if (limit === 0) {
        return [];
      }
      const filter: mongo.Filter<AttentionDocument> = {
        ...(tenantId !== undefined && { tenantId: exactText(tenantId) }),
        ...(!all && { state: "open" }),
        ...(after !== undefined && {
          since: { $lte: storedValue(after.since) },
          $or: [{ since: { $lt: after.since } }, { _id: { $lt: exactText(after.id) } }],
        }),
      };
      const found = await this.#collection
        .find(filter, this.#database.serverLimit)
        .sort({ since: -1, _id: -1 })
        .limit(limit)
        .toArray();
      return found.map(decodeAttention);
    });
  }

  /** {@inheritDoc} */
  countOpen(): Promise<number> {
    return this.#database.attempt("count the attention items", () =>
      this.#collection.countDocuments({ state: "open" }, this.#database.serverLimit),
    );
  }

  /** Changes an item if it is in one of the given states and no newer look has changed it. */
  async #update(
    id: string,
    when: { readonly revision?: number; readonly states: readonly AttentionState[] },
    change: Partial<AttentionDocument>,
    turn?: AttentionTurn,
  ): Promise<boolean> {
    const { revision, states } = when;
    const { matchedCount } = await this.#collection.updateOne(
      {
        ...placeOf(id),
        state: { $in: [...states] },
        ...(revision !== undefined && { revision: { $lte: storedValue(revision) } }),
      },
      { $set: storedValue(change), ...(turn && oneMore(turn)) },
      this.#database.serverLimit,
    );
    return matchedCount === 1;
  }

  async #insert(item: AttentionRecord): Promise<"raised" | "known"> {
    try {
      await this.#collection.insertOne(encodeAttention(item), this.#database.serverLimit);
      return "raised";
    } catch (error) {
      // Only `_id` has a unique index in this collection.
      if (isDuplicateKey(error)) {
        return "known";
      }
      throw error;
    }
  }

  get #collection() {
    return this.#database.collection<AttentionDocument>(COLLECTIONS.attention);
  }
}

function oneMore(turn: AttentionTurn) {
  const untold = { $each: [storedValue(turn)], $slice: -KEPT_TURNS };
  return { $inc: { turns: 1 }, $push: { untold } };
}

/** Returns the document of an item. */
export function encodeAttention({ id, ...item }: AttentionRecord): AttentionDocument {
  return { _id: exactText(id), ...storedValue(item) };
}

/** Selects an item by `_id` and by the shard key. */
function placeOf(id: string): { _id: string; tenantId: string | null } {
  return { _id: exactText(id), tenantId: tenantOfAttention(id) ?? null };
}

function decodeAttention(found: unknown): AttentionRecord {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.attention}`);
  return {
    id: document.text("_id"),
    kind: document.text("kind"),
    tenantId: document.textOrNull("tenantId"),
    subject: document.text("subject"),
    since: document.instant("since"),
    message: document.text("message"),
    action: document.text("action"),
    state: document.oneOf("state", ATTENTION_STATES),
    resolvedAt: document.instantOrNull("resolvedAt"),
    resolvedBy: document.textOrNull("resolvedBy"),
    revision: document.integer("revision"),
    turns: document.integerOrNull("turns") ?? 0,
    untold: document.partsOrNone("untold", (turn) => ({
      type: turn.oneOf("type", ["raised", "resolved"] as const),
      at: turn.instant("at"),
    })),
  };
}
