import type { TenantPage } from "../../../application/ports/subscription/account_store.ts";
import type { TopUpStore } from "../../../application/ports/tokens/top_up_store.ts";
import type { TopUp } from "../../../domain/tokens/top_up.ts";
import { COLLECTIONS } from "../collections.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import { StoredDocument } from "../stored_document.ts";
import { exactText, storedValue } from "../stored_value.ts";
import { tenantPage } from "../tenant_page.ts";
import { saveVersion, type VersionedDocument } from "../versions/save_version.ts";

interface TopUpDocument extends VersionedDocument {
  /** The tenant's id. */
  readonly _id: string;
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
      return await saveVersion(this.#database, COLLECTIONS.topUps, document);
    });
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
