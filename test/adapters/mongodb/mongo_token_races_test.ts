import { describeTokenRaces } from "../../application/tokens/token_races.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { useMongoStores } from "./mongo_test_store.ts";

await describeOnMongodb("Tokens in MongoDB", (database) => {
  describeTokenRaces("MongoDB with two connections", useMongoStores(database));
});
