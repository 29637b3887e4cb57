import type { AccountDocument } from "./account_document.ts";
import { COLLECTIONS } from "./collections.ts";
import type { CustomerDocument } from "./customer_claims.ts";
import type { MongoDatabase } from "./mongo_database.ts";

/** The `_id` of the mark that every account's customer is claimed; no customer has this id. */
const COMPLETE = "complete";
const CLAIMS_AT_ONCE = 1_000;

/** Whether the customers of all accounts are claimed. Throws `PortError`. */
export function hasAllClaims(database: MongoDatabase): Promise<boolean> {
  return database.attempt("read the customers", async () => {
    const claims = database.collection<CustomerDocument>(COLLECTIONS.customers);
    return (await claims.findOne({ _id: COMPLETE }, database.serverLimit)) !== null;
  });
}

/**
 * Claims the customers of all accounts, because accounts stored by a release without claims have
 * none. Safe to repeat, which also covers what such a release stored meanwhile. Throws `PortError`.
 */
export function claimAllCustomers(database: MongoDatabase): Promise<void> {
  return database.attemptUnlimited("claim the customers", async () => {
    const accounts = database.collection<AccountDocument>(COLLECTIONS.accounts);
    const claims = database.collection<Partial<CustomerDocument>>(COLLECTIONS.customers);
    let batch: Required<Pick<AccountDocument, "_id" | "customerId" | "revision">>[] = [];
    const write = async () => {
      if (batch.length > 0) {
        await claims.bulkWrite(
          batch.map(({ _id: tenantId, customerId, revision }) => ({
            updateOne: {
              filter: { _id: customerId, tenantId },
              update: { $max: { revision } },
              upsert: true,
            },
          })),
          { ordered: false },
        );
      }
      batch = [];
    };
    const projection = { customerId: 1, revision: 1 };
    const cursor = accounts.find({ customerId: { $exists: true } }, { projection });
    for await (const { _id, customerId, revision } of cursor) {
      if (customerId !== undefined) {
        batch.push({ _id, customerId, revision });
      }
      if (batch.length >= CLAIMS_AT_ONCE) {
        await write();
      }
    }
    await write();
    await claims.updateOne({ _id: COMPLETE }, { $set: { revision: 1 } }, { upsert: true });
  });
}
