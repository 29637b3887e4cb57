import type { mongo } from "mongoose";
import type { LedgerHeadStore } from "../../application/ports/tokens/ledger_head_store.ts";
import type { HeadMove, LedgerHead } from "../../domain/tokens/ledger_head.ts";
import { COLLECTIONS } from "./collections.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { exactText, storedValue } from "./stored_value.ts";
import { tenantPage } from "./tenant_page.ts";

/** A head as stored, under its tenant's id. */
interface HeadDocument extends Omit<LedgerHead, "tenantId"> {
  readonly _id: string;
}

/** Keeps the heads of the token ledgers in MongoDB, one document each. */
export class MongoLedgerHeadStore implements LedgerHeadStore {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  read(tenantId: string): Promise<LedgerHead | undefined> {
    return this.#database.attempt("read a ledger's head", async () => {
      const filter = { _id: exactText(tenantId) };
      const found = await this.#collection.findOne(filter, this.#database.serverLimit);
      return found === null ? undefined : decodeHead(found);
    });
  }

  /** {@inheritDoc} */
  move({ from, to }: HeadMove): Promise<boolean> {
    return this.#database.attempt("move a ledger's head", async () => {
      const { _id, ...fields } = encodeHead(to);
      if (from === null) {
        return await this.#begin({ _id, ...fields });
      }
      const { matchedCount } = await this.#collection.updateOne(
        { ...encodeHead(from), _id },
        { $set: fields },
        this.#database.serverLimit,
      );
      return matchedCount === 1;
    });
  }

  /** {@inheritDoc} */
  put(head: LedgerHead): Promise<void> {
    return this.#database.attempt("store a ledger's head", async () => {
      const { _id, ...fields } = encodeHead(head);
      if (!(await this.#begin({ _id, ...fields }))) {
        await this.#collection.updateOne({ _id }, { $set: fields }, this.#database.serverLimit);
      }
    });
  }

  /** {@inheritDoc} */
  list(page: { after?: string; limit: number }): Promise<readonly LedgerHead[]> {
    return this.#database.attempt("list the ledgers' heads", async () => {
      const found = await tenantPage(this.#database, { in: COLLECTIONS.heads }, page);
      return found.map((document) => decodeHead(document as mongo.Document));
    });
  }

  async #begin(head: HeadDocument): Promise<boolean> {
    try {
      await this.#collection.insertOne(head, this.#database.serverLimit);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) {
        return false;
      }
      throw error;
    }
  }

  get #collection() {
    return this.#database.collection<HeadDocument>(COLLECTIONS.heads);
  }
}

function encodeHead({ tenantId, seq, hash, keyId, seal }: LedgerHead): HeadDocument {
  return storedValue({ _id: tenantId, seq, hash, keyId, seal });
}

/** Reads a head; a field of the wrong type is replaced, because we did not write it. */
function decodeHead({ _id, seq, hash, keyId, seal }: mongo.Document): LedgerHead {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    tenantId: text(_id),
    seq: Number.isSafeInteger(seq) ? Number(seq) : -1,
    hash: text(hash),
    keyId: keyId === null ? null : text(keyId),
    seal: text(seal),
  };
}
