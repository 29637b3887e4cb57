import { type Model, type mongo, Schema } from "mongoose";
import type {
  AppendAnswer,
  TokenLedgerStore,
} from "../../application/ports/tokens/token_ledger_store.ts";
import type { HeadMove } from "../../domain/tokens/ledger_head.ts";
import { type LedgerEntry, SUPPLY_KINDS } from "../../domain/tokens/token_ledger.ts";
import type { FoundEntry } from "../../domain/tokens/token_ledger_check.ts";
import { COLLECTIONS } from "./collections.ts";
import { isDuplicateKey, violatedIndex } from "./duplicate_key.ts";
import { KEY_INDEX, SEQ_INDEX } from "./indexes/mongo_indexes.ts";
import { decodeEntry, readableEntry } from "./ledger_entry_document.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import type { MongoLedgerHeadStore } from "./mongo_ledger_head_store.ts";
import { StoredDocument } from "./stored_document.ts";
import { exactText, storedValue } from "./stored_value.ts";

const SCHEMA = new Schema<LedgerEntry>(
  {
    tenantId: String,
    seq: Number,
    key: String,
    kind: String,
    amount: Number,
    expired: Number,
    monthly: Number,
    packs: Number,
    debt: Number,
    reserved: Number,
    grant: Schema.Types.Mixed,
    months: Schema.Types.Mixed,
    hold: Schema.Types.Mixed,
    reason: String,
    source: String,
    halted: Boolean,
    at: Date,
    previousHash: String,
    keyId: String,
    hash: String,
  },
  { collection: COLLECTIONS.ledger, versionKey: false, strict: "throw" },
);

/** How a whole ledger is read. */
const ALL_OF_THE_PRIMARY = { batchSize: 500, readConcern: "local" } as const;

interface LedgerPage {
  readonly before?: number;
  readonly limit: number;
}

/** Keeps the token ledgers in MongoDB, one document per entry. */
export class MongoTokenLedgerStore implements TokenLedgerStore {
  readonly #database: MongoDatabase;
  readonly #heads: MongoLedgerHeadStore;
  readonly #entries: Model<LedgerEntry>;

  constructor(database: MongoDatabase, heads: MongoLedgerHeadStore) {
    this.#database = database;
    this.#heads = heads;
    this.#entries = database.connection.model<LedgerEntry>("LedgerEntry", SCHEMA);
  }

  /** {@inheritDoc} */
  last(tenantId: string): Promise<LedgerEntry | undefined> {
    return this.#database.attempt("read the last ledger entry", async () => {
      // Matches only numbers; `entries` returns those without one.
      const filter = { tenantId: exactText(tenantId), seq: { $lte: Number.MAX_SAFE_INTEGER } };
      const found = await this.#entries.findOne(filter).sort({ seq: -1 }).lean();
      return found === null ? undefined : readableEntry(found, tenantId);
    });
  }

  /** {@inheritDoc} */
  find(tenantId: string, key: string): Promise<LedgerEntry | undefined> {
    return this.#database.attempt("read a ledger entry", async () => {
      const filter = { tenantId: exactText(tenantId), key: exactText(key) };
      const found = await this.#entries.findOne(filter).lean();
      return found === null ? undefined : readableEntry(found, tenantId);
    });
  }

  /** {@inheritDoc} */
  async append(entry: LedgerEntry, move?: HeadMove): Promise<AppendAnswer> {
    if (move?.from?.seq === 0) {
      await this.#heads.move({ from: null, to: move.from });
    }
    return await this.#database.attempt("append to the ledger", async () => {
      try {
        const collection = this.#database.collection<LedgerEntry>(COLLECTIONS.ledger);
        await collection.insertOne(storedValue(entry), this.#database.serverLimit);
        return move === undefined ? "appended" : "head_left";
      } catch (error) {
        return this.#whatIsTaken(entry, error);
      }
    });
  }

  /** Looks the key up even if the server reports the seq, because both may be taken. */
  async #whatIsTaken(
    { tenantId, seq, key }: LedgerEntry,
    error: unknown,
  ): Promise<"seq_taken" | "key_taken"> {
    if (isDuplicateKey(error)) {
      const violated = violatedIndex(error, [SEQ_INDEX, KEY_INDEX]);
      if (violated === KEY_INDEX || (await this.#entries.exists({ tenantId, key }))) {
        return "key_taken";
      }
      if (violated === SEQ_INDEX || (await this.#entries.exists({ tenantId, seq }))) {
        return "seq_taken";
      }
    }
    throw error;
  }

  /** {@inheritDoc} */
  list(tenantId: string, page: LedgerPage): Promise<readonly LedgerEntry[]> {
    return this.#list(tenantId, {}, page);
  }

  /** {@inheritDoc} */
  listSupplies(tenantId: string, page: LedgerPage): Promise<readonly LedgerEntry[]> {
    return this.#list(tenantId, { kind: { $in: [...SUPPLY_KINDS] } }, page);
  }

  #list(
    tenantId: string,
    filter: Readonly<Record<string, unknown>>,
    { before, limit }: LedgerPage,
  ): Promise<readonly LedgerEntry[]> {
    return this.#database.attempt("list ledger entries", async () => {
      if (limit === 0) {
        return [];
      }
      const range = before === undefined ? {} : { seq: { $lt: before } };
      const found = await this.#entries
        .find({ tenantId: exactText(tenantId), ...filter, ...range })
        .sort({ seq: -1 })
        .limit(limit)
        .lean();
      return found.map((document) => readableEntry(document, tenantId));
    });
  }

  /**
   * {@inheritDoc}
   *
   * Reads what the primary has: one that was just elected has entries of which it does not know yet
   * that they last, and none of them may seem to be missing.
   */
  async *entries(tenantId: string): AsyncGenerator<FoundEntry, void, undefined> {
    const options = { ...this.#database.serverLimit, ...ALL_OF_THE_PRIMARY };
    const cursor = this.#database
      .collection<mongo.Document>(COLLECTIONS.ledger)
      .find({ tenantId: exactText(tenantId) }, options)
      .sort({ seq: 1 });
    const unnumbered: FoundEntry[] = [];
    try {
      while (await this.#database.attempt("read a ledger", () => cursor.hasNext())) {
        for (const document of cursor.readBufferedDocuments()) {
          const found = decodeEntry(document, tenantId);
          if (found.seq === null) {
            unnumbered.push(found);
          } else {
            yield found;
          }
        }
      }
    } finally {
      await cursor.close();
    }
    yield* unnumbered;
  }

  /** {@inheritDoc} */
  async tenants({
    after = "",
    limit,
  }: {
    after?: string;
    limit: number;
  }): Promise<readonly string[]> {
    const tenants: string[] = [];
    while (tenants.length < limit) {
      const next = await this.#nextTenant(tenants.at(-1) ?? after);
      if (next === undefined) {
        break;
      }
      tenants.push(next);
    }
    return tenants;
  }

  #nextTenant(after: string): Promise<string | undefined> {
    return this.#database.attempt("list the tenants that have a ledger", async () => {
      const found = await this.#entries
        .findOne({ tenantId: { $gt: exactText(after) } }, { _id: 0, tenantId: 1 })
        .sort({ tenantId: 1 })
        .lean();
      return found === null
        ? undefined
        : new StoredDocument(found, `a document in ${COLLECTIONS.ledger}`).text("tenantId");
    });
  }
}
