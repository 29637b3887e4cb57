import { storeTransferContract } from "../../contracts/store_transfer_contract.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { useMongoStores } from "./mongo_test_store.ts";

await describeOnMongodb("Moving to and from MongoDB", (database) => {
  storeTransferContract("MongoStoreTransfer", useMongoStores(database));
});
