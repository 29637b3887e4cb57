import type { InboxEvent } from "../../application/ports/events/event_inbox.ts";
import type { Delivery } from "../../application/ports/notifications/delivery_store.ts";
import type {
  NotificationRecord,
  NotificationRecordKind,
} from "../../application/ports/notifications/notification_records.ts";
import { PortError } from "../../application/ports/port_error.ts";
import {
  type IdPage,
  type Restored,
  restoredEvent,
  type StoreTransfer,
} from "../../application/ports/store_transfer.ts";
import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import { encodeAccount } from "./account_document.ts";
import { COLLECTIONS } from "./collections.ts";
import { CustomerClaims } from "./customer_claims.ts";
import { ID_INDEX, isDuplicateKey, violatedIndex } from "./duplicate_key.ts";
import { encodeAttention } from "./mongo_attention_store.ts";
import { encodeCatalog } from "./mongo_catalog_store.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { decodeDelivery } from "./notifications/mongo_delivery_store.ts";
import { decodeRecord, nameOf } from "./notifications/mongo_notification_records.ts";
import { restoredDocument } from "./stored_event.ts";
import { exactText, storedValue } from "./stored_value.ts";

interface Identified {
  readonly _id: string;
}

/** Reads and restores the content of a MongoDB database. */
export class MongoStoreTransfer implements StoreTransfer {
  readonly #database: MongoDatabase;
  readonly #claims: CustomerClaims;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#claims = new CustomerClaims(database);
  }

  /** {@inheritDoc} */
  restoreAccount(account: AccountRecord): Promise<Restored> {
    return this.#database.attempt("restore the account", async () => {
      const { tenantId, customerId, revision } = account;
      if (customerId !== null && !(await this.#claims.claim({ customerId, tenantId, revision }))) {
        throw new PortError(
          `Cannot restore the account of "${tenantId}": its customer is another tenant's`,
          { transient: false },
        );
      }
      return await this.#insert(COLLECTIONS.accounts, encodeAccount(account, revision));
    });
  }

  /** {@inheritDoc} */
  restoreAttention(item: AttentionRecord): Promise<Restored> {
    return this.#database.attempt("restore an attention item", () =>
      this.#insert(COLLECTIONS.attention, encodeAttention(item)),
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

  /** {@inheritDoc} */
  notificationRecords(
    kind: NotificationRecordKind,
    { after, limit }: IdPage,
  ): Promise<readonly NotificationRecord[]> {
    return this.#database.attempt("list notification records", async () => {
      const first = nameOf(kind, "");
      const past = `${first.slice(0, -1)};`;
      const from = after === undefined ? { $gte: first } : { $gt: nameOf(kind, after) };
      const ids = { ...from, $lt: past };
      return (await this.#page(COLLECTIONS.notificationRecords, ids, limit)).map(decodeRecord);
    });
  }

  /** {@inheritDoc} */
  restoreNotificationRecord(
    kind: NotificationRecordKind,
    { id, ...record }: NotificationRecord,
  ): Promise<Restored> {
    return this.#database.attempt("restore a notification record", () =>
      this.#insert(
        COLLECTIONS.notificationRecords,
        storedValue({ _id: nameOf(kind, id), ...record }),
      ),
    );
  }

  /** {@inheritDoc} */
  deliveries({ after = "", limit }: IdPage): Promise<readonly Delivery[]> {
    return this.#database.attempt("list deliveries", async () => {
      const ids = { $gt: exactText(after) };
      return (await this.#page(COLLECTIONS.deliveries, ids, limit)).map(decodeDelivery);
    });
  }

  /** {@inheritDoc} */
  restoreDelivery({ id, dueAt, ...delivery }: Delivery): Promise<Restored> {
    return this.#database.attempt("restore a delivery", () => {
      const waiting = dueAt === null ? {} : { dueAt };
      const document = { _id: exactText(id), ...delivery, ...waiting };
      return this.#insert(COLLECTIONS.deliveries, storedValue(document));
    });
  }

  async #page(
    name: string,
    ids: { readonly $gte?: string; readonly $gt?: string; readonly $lt?: string },
    limit: number,
  ): Promise<readonly unknown[]> {
    if (limit === 0) {
      return [];
    }
    const options = { sort: { _id: 1 }, limit, ...this.#database.serverLimit } as const;
    return await this.#database.collection<Identified>(name).find({ _id: ids }, options).toArray();
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
