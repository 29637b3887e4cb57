import { claimAllCustomers } from "../../../src/adapters/mongodb/claim_all_customers.ts";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import {
  type MongoIndex,
  mongoIndexes,
} from "../../../src/adapters/mongodb/indexes/mongo_indexes.ts";
import { syncIndexes } from "../../../src/adapters/mongodb/indexes/sync_indexes.ts";
import type { MongoDatabase } from "../../../src/adapters/mongodb/mongo_database.ts";
import { mongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import { DEFAULT_EVENT_RETENTION_DAYS } from "../../../src/application/ports/events/event_inbox.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import type { ContractSubject } from "../../contracts/contract_subject.ts";
import type { MongoTestDatabase } from "../../mongodb_server/describe_on_mongodb.ts";

/** The indexes that a server can have: FerretDB knows no partial, sparse and expiring ones. */
export function indexesFor(server: MongoTestDatabase["server"]): readonly MongoIndex[] {
  const indexes = mongoIndexes(DEFAULT_EVENT_RETENTION_DAYS);
  return server === "FerretDB"
    ? indexes
        .filter(({ unique }) => unique === true)
        .map(({ collection, name, key }) => ({ collection, name, key, unique: true }))
    : indexes;
}

/** Creates the indexes that the server can have, and the claims of what is there. */
export async function prepareIndexes(
  database: MongoDatabase,
  server: MongoTestDatabase["server"],
): Promise<void> {
  await syncIndexes(database, indexesFor(server));
  await claimAllCustomers(database);
}

/** Removes all documents, and keeps the indexes. */
export async function emptyCollections(database: MongoDatabase): Promise<void> {
  const collections = Object.values(COLLECTIONS).map((name) => database.collection(name));
  await Promise.all(collections.map((collection) => collection.deleteMany({})));
}

/**
 * Declares that the suite has two connections to a database with all indexes, and opens empty
 * stores over them. FerretDB's updates are not atomic over several connections: there is one.
 */
export function useMongoStores({
  url,
  server,
}: Pick<MongoTestDatabase, "url" | "server">): () => Promise<ContractSubject<MovableStore>> {
  let databases: readonly MongoDatabase[] = [];
  let stores: readonly MovableStore[] = [];
  let unreachable: MovableStore;

  before(async () => {
    const count = server === "FerretDB" ? 1 : 2;
    databases = await Promise.all(Array.from({ length: count }, () => connectMongo({ url })));
    stores = databases.map((database) => mongoStore(database));
    unreachable = mongoStore(await connectMongo({ url }));
    await unreachable.close();
    await Promise.all(databases.slice(0, 1).map((database) => prepareIndexes(database, server)));
  });

  after(() => Promise.all(stores.map((store) => store.close())));

  return async () => {
    await Promise.all(databases.slice(0, 1).map(emptyCollections));
    const [store, another] = stores;
    if (store === undefined) {
      throw new TypeError("Cannot open a store: the suite has not begun");
    }
    return { store, ...(another && { another }), unreachable, close: async () => undefined };
  };
}
