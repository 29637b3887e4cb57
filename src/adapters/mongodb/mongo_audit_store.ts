import type { AuditStore } from "../../application/ports/audit/audit_store.ts";
import type { AuditEntry } from "../../domain/subscription/account_change.ts";
import { decodeChange } from "./change_document.ts";
import { COLLECTIONS } from "./collections.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { StoredDocument } from "./stored_document.ts";
import { exactText, storedValue } from "./stored_value.ts";

/** Keeps the audit trail in MongoDB, one document per entry. */
export class MongoAuditStore implements AuditStore {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  append(entry: AuditEntry): Promise<"appended" | "exists"> {
    return this.#database.attempt("append to the audit trail", async () => {
      try {
        await this.#collection.insertOne(storedValue({ ...entry }), this.#database.serverLimit);
        return "appended";
      } catch (error) {
        if (isDuplicateKey(error)) {
          return "exists";
        }
        throw error;
      }
    });
  }

  /** {@inheritDoc} */
  list(
    tenantId: string,
    { before, limit }: { before?: number | undefined; limit: number },
  ): Promise<readonly AuditEntry[]> {
    return this.#database.attempt("list the audit trail", async () => {
      if (limit === 0) {
        return [];
      }
      const older = before === undefined ? {} : { revision: { $lt: storedValue(before) } };
      const found = await this.#collection
        .find({ tenantId: exactText(tenantId), ...older }, this.#database.serverLimit)
        .sort({ revision: -1 })
        .limit(limit)
        .toArray();
      return found.map(decodeEntry);
    });
  }

  get #collection() {
    return this.#database.collection<AuditEntry>(COLLECTIONS.audit);
  }
}

function decodeEntry(found: unknown): AuditEntry {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.audit}`);
  return { tenantId: document.text("tenantId"), ...decodeChange(document) };
}
