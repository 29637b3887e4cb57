import type { mongo } from "mongoose";
import type { InboxEvent } from "../../application/ports/event_inbox.ts";
import {
  type Restored,
  restoredEvent,
  type StoreTransfer,
  type TenantPage,
} from "../../application/ports/store_transfer.ts";
import type { BillingAccount } from "../../domain/billing_account.ts";
import type { Catalog } from "../../domain/catalog.ts";
import { ID_INDEX, isDuplicateKey, violatedIndex } from "./duplicate_key.ts";
import { decodeAccount, encodeAccount } from "./mongo_account_store.ts";
import { encodeCatalog } from "./mongo_catalog_store.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { COLLECTIONS } from "./mongo_indexes.ts";
import { StoredDocument } from "./stored_document.ts";
import { restoredDocument } from "./stored_event.ts";
import { exactText } from "./stored_value.ts";

interface Identified {
  readonly _id: string;
}

/** Reads and restores the content of a MongoDB database. */
export class MongoStoreTransfer implements StoreTransfer {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  accounts(page: TenantPage): Promise<readonly BillingAccount[]> {
    return this.#database.attempt("list the accounts", async () =>
      (await this.#page(COLLECTIONS.accounts, page)).map(decodeAccount),
    );
  }

  /** {@inheritDoc} */
  emailTenants(page: TenantPage): Promise<readonly string[]> {
    return this.#database.attempt("list the tenants that send e-mails", async () => {
      // The collection has the sends of the tenants, too.
      const filter = { validUntil: { $exists: true } };
      const found = await this.#page(COLLECTIONS.emailUsage, page, filter);
      const place = `a document in ${COLLECTIONS.emailUsage}`;
      return found.map((document) => new StoredDocument(document, place).text("_id"));
    });
  }

  async #page(
    collection: string,
    { after = "", limit }: TenantPage,
    filter: mongo.Document = {},
  ): Promise<readonly unknown[]> {
    if (limit === 0) {
      return [];
    }
    const options = { sort: { _id: 1 }, limit, ...this.#database.serverLimit } as const;
    return await this.#database
      .collection<Identified>(collection)
      .find({ ...filter, _id: { $gt: exactText(after) } }, options)
      .toArray();
  }

  /** {@inheritDoc} */
  restoreAccount(account: BillingAccount): Promise<Restored> {
    return this.#database.attempt("restore the account", () =>
      this.#insert(COLLECTIONS.accounts, encodeAccount(account, account.revision)),
    );
  }

  /** {@inheritDoc} */
  restoreCatalog(catalog: Catalog): Promise<Restored> {
    return this.#database.attempt("restore the catalogue", () =>
      this.#insert(COLLECTIONS.catalog, encodeCatalog(catalog, catalog.revision)),
    );
  }

  /** {@inheritDoc} */
  restoreEvent(event: InboxEvent): Promise<Restored> {
    return this.#database.attempt("restore the event", () =>
      this.#insert(COLLECTIONS.events, restoredDocument(restoredEvent(event))),
    );
  }

  async #insert(name: string, document: Identified): Promise<Restored> {
    const collection = this.#database.collection<Identified>(name);
    try {
      await collection.insertOne(document, this.#database.serverLimit);
      return "restored";
    } catch (error) {
      const known = isDuplicateKey(error) && violatedIndex(error, [ID_INDEX]) === ID_INDEX;
      if (known || (isDuplicateKey(error) && (await collection.findOne({ _id: document._id })))) {
        return "exists";
      }
      throw error;
    }
  }
}
