import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { describeOddText } from "../../contracts/odd_text_contract.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { useMongoStores } from "./mongo_test_store.ts";

await describeOnMongodb("P46 Odd texts in MongoDB", (database) => {
  const open = useMongoStores(database);
  let store: BillingStore;
  beforeEach(async () => {
    ({ store } = await open());
  });
  describeOddText(() => store);
});
