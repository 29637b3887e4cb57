import { DEFAULT_EVENT_RETENTION_DAYS } from "../../application/ports/events/event_inbox.ts";
import type { MovableStore } from "../../application/ports/store_transfer.ts";
import { claimAllCustomers, hasAllClaims } from "./claim_all_customers.ts";
import { COLLECTIONS } from "./collections.ts";
import { connectMongo, type MongoConnectionOptions } from "./connect_mongo.ts";
import { mongoIndexes } from "./indexes/mongo_indexes.ts";
import { checkIndexes, type IndexReport, syncIndexes } from "./indexes/sync_indexes.ts";
import { MongoRequestCountStore } from "./limits/mongo_request_count_store.ts";
import { MongoAccountStore } from "./mongo_account_store.ts";
import { MongoAttentionStore } from "./mongo_attention_store.ts";
import { MongoAuditStore } from "./mongo_audit_store.ts";
import { MongoCatalogStore } from "./mongo_catalog_store.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { MongoEventInbox } from "./mongo_event_inbox.ts";
import { MongoLedgerHeadStore } from "./mongo_ledger_head_store.ts";
import { MongoStoreTransfer } from "./mongo_store_transfer.ts";
import { MongoTokenLedgerStore } from "./mongo_token_ledger_store.ts";
import { MongoTokenReservationStore } from "./mongo_token_reservation_store.ts";
import { MongoDeliveryStore } from "./notifications/mongo_delivery_store.ts";
import { MongoNotificationRecords } from "./notifications/mongo_notification_records.ts";
import { MongoEmailLeaseStore } from "./quota/mongo_email_lease_store.ts";
import { MongoEmailUsageStore } from "./quota/mongo_email_usage_store.ts";
import { MongoTopUpStore } from "./tokens/mongo_top_up_store.ts";

/** Options of the store in MongoDB. */
export interface MongoStoreOptions extends MongoConnectionOptions {
  /**
   * Whether to create missing indexes when opening. If false, an operator has to call `syncIndexes`
   * before the first use, because the store cannot keep its promises without them.
   */
  readonly autoIndex: boolean;
  /** Retention of events that ended well, in days. Default 90. */
  readonly eventRetentionDays?: number;
}

/** The store in MongoDB, with operations for operators. */
export interface MongoStore extends MovableStore {
  /**
   * Lists how the indexes and the customers' claims differ from what the store needs. Throws
   * `PortError`.
   */
  checkIndexes(): Promise<IndexReport>;
  /**
   * Creates missing indexes, and the missing claims of customers stored by a release without
   * claims. Returns what remains to be done by hand. Safe to repeat. Throws `PortError`.
   */
  syncIndexes(): Promise<IndexReport>;
}

/**
 * Opens the store in a MongoDB database, which any number of processes may use at once. A write
 * that has resolved is on a majority of the replica set. No call takes longer than
 * `operationTimeoutMs`, whatever the network does.
 *
 * @throws {PortError} if no server can be reached or refuses the login, or if indexes cannot be
 *   created
 */
export async function openMongoStore(options: MongoStoreOptions): Promise<MongoStore> {
  const database = await connectMongo(options);
  const store = mongoStore(database, options);
  if (options.autoIndex) {
    try {
      const { missing, different } = await store.checkIndexes();
      if (missing.length + different.length > 0) {
        await store.syncIndexes();
      }
    } catch (error) {
      await store.close();
      throw error;
    }
  }
  return store;
}

/** Creates the stores over a connected database. */
export function mongoStore(
  database: MongoDatabase,
  { eventRetentionDays = DEFAULT_EVENT_RETENTION_DAYS }: { eventRetentionDays?: number } = {},
): MongoStore {
  const indexes = mongoIndexes(eventRetentionDays);
  const ledgerHeads = new MongoLedgerHeadStore(database);
  const check = async () => withClaims(database, await checkIndexes(database, indexes));
  return {
    accounts: new MongoAccountStore(database),
    attention: new MongoAttentionStore(database),
    audit: new MongoAuditStore(database),
    ledger: new MongoTokenLedgerStore(database, ledgerHeads),
    ledgerHeads,
    reservations: new MongoTokenReservationStore(database),
    topUps: new MongoTopUpStore(database),
    inbox: new MongoEventInbox(database),
    catalog: new MongoCatalogStore(database),
    emailUsage: new MongoEmailUsageStore(database),
    emailLeases: new MongoEmailLeaseStore(database),
    notificationRecords: new MongoNotificationRecords(database),
    deliveries: new MongoDeliveryStore(database),
    requestCounts: new MongoRequestCountStore(database),
    transfer: new MongoStoreTransfer(database),
    now: () => database.now(),
    missingIndexes: async () => {
      const { missing, different } = await check();
      return [...missing, ...different];
    },
    checkIndexes: check,
    syncIndexes: async () => {
      await claimAllCustomers(database);
      return withClaims(database, await syncIndexes(database, indexes));
    },
    close: () => database.close(),
  };
}

/** Reports incomplete claims as a missing index, because customers are unknown without them. */
async function withClaims(database: MongoDatabase, report: IndexReport): Promise<IndexReport> {
  return (await hasAllClaims(database))
    ? report
    : { ...report, missing: [...report.missing, `${COLLECTIONS.customers}.complete`] };
}
