import { type Model, Schema } from "mongoose";
import type { TokenLedgerStore } from "../../application/ports/tokens/token_ledger_store.ts";
import {
  LEDGER_ENTRY_KINDS,
  type LedgerEntry,
  SUPPLY_KINDS,
} from "../../domain/tokens/token_ledger.ts";
import { isDuplicateKey, violatedIndex } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { COLLECTIONS, KEY_INDEX, SEQ_INDEX } from "./mongo_indexes.ts";
import { decodeMonths } from "./months_document.ts";
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
    hash: String,
  },
  { collection: COLLECTIONS.ledger, versionKey: false, strict: "throw" },
);

/** Entries that are read at once where a whole ledger is. */
const ENTRIES_PER_PART = 500;

interface LedgerPage {
  readonly before?: number;
  readonly limit: number;
}

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
  find(tenantId: string, key: string): Promise<LedgerEntry | undefined> {
    return this.#database.attempt("read a ledger entry", async () => {
      const filter = { tenantId: exactText(tenantId), key: exactText(key) };
      const found = await this.#entries.findOne(filter).lean();
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
      return found.map(decodeEntry);
    });
  }

  /** {@inheritDoc} */
  async *entries(tenantId: string): AsyncGenerator<LedgerEntry, void, undefined> {
    let after = Number.NEGATIVE_INFINITY;
    for (;;) {
      const part = await this.#following(tenantId, after);
      yield* part;
      const end = part.at(-1);
      if (end === undefined || part.length < ENTRIES_PER_PART) {
        return;
      }
      after = end.seq;
    }
  }

  #following(tenantId: string, after: number): Promise<LedgerEntry[]> {
    return this.#database.attempt("read a ledger", async () => {
      const found = await this.#entries
        .find({ tenantId: exactText(tenantId), seq: { $gt: after } })
        .sort({ seq: 1 })
        .limit(ENTRIES_PER_PART)
        .lean();
      return found.map(decodeEntry);
    });
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

function decodeEntry(found: unknown): LedgerEntry {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.ledger}`);
  return {
    tenantId: document.text("tenantId"),
    seq: document.integer("seq"),
    key: document.text("key"),
    kind: document.oneOf("kind", LEDGER_ENTRY_KINDS),
    amount: document.integer("amount"),
    expired: document.integer("expired"),
    monthly: document.integer("monthly"),
    packs: document.integer("packs"),
    debt: document.integer("debt"),
    reserved: document.integerOrNull("reserved") ?? 0,
    grant: document.partOrNull("grant", (grant) => ({
      key: grant.text("key"),
      tokens: grant.integer("tokens"),
      expiresAt: grant.instant("expiresAt"),
    })),
    months: document.partOrNull("months", decodeMonths),
    hold: document.partOrNull("hold", (hold) => ({
      monthly: hold.integer("monthly"),
      packs: hold.integer("packs"),
      grantKey: hold.textOrNull("grantKey"),
      expiresAt: hold.instant("expiresAt"),
    })),
    reason: document.textOrNull("reason"),
    source: document.textOrNull("source"),
    halted: document.flagOrFalse("halted"),
    at: document.instant("at"),
    previousHash: document.text("previousHash"),
    hash: document.text("hash"),
  };
}
