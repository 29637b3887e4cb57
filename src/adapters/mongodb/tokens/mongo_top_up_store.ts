import type { TenantPage } from "../../../application/ports/subscription/account_store.ts";
import type { TopUpStore } from "../../../application/ports/tokens/top_up_store.ts";
import type { TopUp } from "../../../domain/tokens/top_up.ts";
import { COLLECTIONS } from "../collections.ts";
import { isDuplicateKey } from "../duplicate_key.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import { StoredDocument } from "../stored_document.ts";
import { exactText, storedValue } from "../stored_value.ts";
import { tenantPage } from "../tenant_page.ts";

interface TopUpDocument {
  /** The tenant's id. */
  readonly _id: string;
  readonly version: number;
  /** Absent unless a purchase is under way. */
  readonly dueAt?: Date;
  /** JSON. */
  readonly content: string;
}

/** Keeps automatic top-ups in MongoDB, one document per tenant. */
export class MongoTopUpStore implements TopUpStore {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  find(tenantId: string): Promise<TopUp | undefined> {
    return this.#database.attempt("read a top-up", async () => {
      const found = await this.#collection.findOne(
        { _id: exactText(tenantId) },
        this.#database.serverLimit,
      );
      return found === null ? undefined : decode(found);
    });
  }

  /** {@inheritDoc} */
  save({ tenantId, version, dueAt, ...content }: TopUp): Promise<boolean> {
    return this.#database.attempt("save a top-up", async () => {
      const document = storedValue({
        _id: exactText(tenantId),
        version: version + 1,
        content: JSON.stringify(content),
        ...(dueAt !== null && { dueAt }),
      });
      return version === 0 ? await this.#insert(document) : await this.#replace(document);
    });
  }

  async #insert(document: TopUpDocument): Promise<boolean> {
    try {
      await this.#collection.insertOne(document, this.#database.serverLimit);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) {
        return false;
      }
      throw error;
    }
  }

  async #replace({ _id, ...fields }: TopUpDocument): Promise<boolean> {
    const { matchedCount } = await this.#collection.replaceOne(
      { _id, version: fields.version - 1 },
      fields,
      this.#database.serverLimit,
    );
    return matchedCount === 1;
  }

  /** {@inheritDoc} */
  due({ now, limit }: { now: Date; limit: number }): Promise<readonly TopUp[]> {
    return this.#database.attempt("list top-ups that are due", async () => {
      if (limit === 0) {
        return [];
      }
      const found = await this.#collection
        .find(
          { dueAt: { $lte: now, $exists: true } },
          { sort: { dueAt: 1, _id: 1 }, limit, ...this.#database.serverLimit },
        )
        .toArray();
      return found.map(decode);
    });
  }

  /** {@inheritDoc} */
  list(page: TenantPage): Promise<readonly TopUp[]> {
    return this.#database.attempt("list the top-ups", async () => {
      const found = await tenantPage(this.#database, { in: COLLECTIONS.topUps }, page);
      return found.map(decode);
    });
  }

  get #collection() {
    return this.#database.collection<TopUpDocument>(COLLECTIONS.topUps);
  }
}

function decode(found: unknown): TopUp {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.topUps}`);
  return {
    ...JSON.parse(document.text("content")),
    tenantId: document.text("_id"),
    version: document.integer("version"),
    dueAt: document.instantOrNull("dueAt"),
  };
}
