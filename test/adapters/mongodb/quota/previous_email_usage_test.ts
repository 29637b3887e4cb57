import { readFile } from "node:fs/promises";
import { mongo } from "mongoose";
import { connectMongo } from "../../../../src/adapters/mongodb/connect_mongo.ts";
import type { MongoDatabase } from "../../../../src/adapters/mongodb/mongo_database.ts";
import { mongoStore } from "../../../../src/adapters/mongodb/open_mongo_store.ts";
import type { BillingStore } from "../../../../src/application/ports/billing_store.ts";
import { describePreviousUsage, PREVIOUS } from "../../../contracts/previous_email_usage.ts";
import { describePreviousRelease } from "../../../contracts/previous_release.ts";
import { describeOnMongodb } from "../../../mongodb_server/describe_on_mongodb.ts";
import { prepareIndexes } from "../mongo_test_store.ts";

await describeOnMongodb("A MongoDB database of version 0.1.0", ({ url, server }) => {
  let database: MongoDatabase;
  let store: BillingStore;

  before(async () => {
    database = await connectMongo({ url });
    const text = await readFile(new URL("mongodb.json", PREVIOUS), "utf8");
    const collections: Record<string, mongo.Document[]> = mongo.BSON.EJSON.parse(text);
    for (const [name, documents] of Object.entries(collections)) {
      if (documents.length > 0) {
        await database.collection<mongo.Document>(name).insertMany(documents);
      }
    }
    await prepareIndexes(database, server);
    store = mongoStore(database);
  });
  after(() => database.close());

  describePreviousUsage(() => store);
  describePreviousRelease(() => store);
});
