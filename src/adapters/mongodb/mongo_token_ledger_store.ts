import { type Model, Schema } from "mongoose";
import type { TokenLedgerStore } from "../../application/ports/token_ledger_store.ts";
import type { LedgerEntry } from "../../domain/token_ledger.ts";
import { isDuplicateKey, violatedIndex } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { COLLECTIONS, KEY_INDEX, SEQ_INDEX } from "./mongo_indexes.ts";
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
    grant: Schema.Types.Mixed,
    at: Date,
    previousHash: String,
    hash: String,
  },
  { collection: COLLECTIONS.ledger, versionKey: false, strict: "throw" },
);

/** Keeps the token ledgers in MongoDB, one document per entry. */
export class MongoTokenLedgerStore implements TokenLedgerStore {
  readonly #database: MongoDatabase;
  readonly #entries: Model<LedgerEntry>;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#entries = database.connection.model<LedgerEntry>("LedgerEntry", SCHEMA);
  }

  /** {@inheritDoc} */
  last(tenantId: string): Promise<LedgerEntry | undefined> {
    return this.#database.attempt("read the last ledger entry", async () => {
      const filter = { tenantId: exactText(tenantId) };
      const found = await this.#entries.findOne(filter).sort({ seq: -1 }).lean();
      return found === null ? undefined : decodeEntry(found);
    });
  }

  /** {@inheritDoc} */
  append(entry: LedgerEntry): Promise<"appended" | "seq_taken" | "key_taken"> {
    return this.#database.attempt("append to the ledger", async () => {
      try {
        const collection = this.#database.collection<LedgerEntry>(COLLECTIONS.ledger);
        await collection.insertOne(storedValue(entry), this.#database.serverLimit);
        return "appended";
      } catch (error) {
        return this.#whatIsTaken(entry, error);
      }
    });
  }

  /** The key is looked up even where the server reports the seq: both may be taken. */
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
  list(
    tenantId: string,
    { before, limit }: { before?: number; limit: number },
  ): Promise<readonly LedgerEntry[]> {
    return this.#database.attempt("list ledger entries", async () => {
      if (limit === 0) {
        return [];
      }
      const range = before === undefined ? {} : { seq: { $lt: before } };
      const found = await this.#entries
        .find({ tenantId: exactText(tenantId), ...range })
        .sort({ seq: -1 })
        .limit(limit)
        .lean();
      return found.map(decodeEntry);
    });
  }
}

function decodeEntry(found: unknown): LedgerEntry {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.ledger}`);
  return {
    tenantId: document.text("tenantId"),
    seq: document.integer("seq"),
    key: document.text("key"),
    kind: document.oneOf("kind", ["grant", "expire"]),
    amount: document.integer("amount"),
    expired: document.integer("expired"),
    monthly: document.integer("monthly"),
    packs: document.integer("packs"),
    debt: document.integer("debt"),
    grant: document.partOrNull("grant", (grant) => ({
      key: grant.text("key"),
      tokens: grant.integer("tokens"),
      expiresAt: grant.instant("expiresAt"),
    })),
    at: document.instant("at"),
    previousHash: document.text("previousHash"),
    hash: document.text("hash"),
  };
}
