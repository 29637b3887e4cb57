import { billingStoreContracts } from "../../contracts/billing_store_contracts.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { exceptTests } from "../../mongodb_server/except_tests.ts";
import { useMongoStores } from "./mongo_test_store.ts";

/** What FerretDB is known to fail. */
const FERRETDB_EXCEPTIONS = {
  "P16 save answers customer_taken for another tenant's customer, changes nothing":
    "an update that violates a unique index answers error 1 instead of 11000",
  "P41 an item that nobody is told of keeps its last hundred turns, and counts all":
    "$slice of a $push is not done",
  "exchange takes many keys, and none": "25 updates in one bulk are answered, 250 are not",
  "settle keeps the last attempts, in their order": "$push with $slice cuts nothing off",
};

await describeOnMongodb("Contracts of the stores in MongoDB", (database) => {
  const suite = describe("with two connections", () =>
    billingStoreContracts("Mongo", "in a database", useMongoStores(database)));
  if (database.server === "FerretDB") {
    exceptTests(suite, FERRETDB_EXCEPTIONS);
  }
});
