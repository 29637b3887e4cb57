import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import { syncIndexes } from "../../../src/adapters/mongodb/indexes/sync_indexes.ts";
import { indexesFor } from "../../adapters/mongodb/mongo_test_store.ts";
import { describeOnMongodb } from "../describe_on_mongodb.ts";

const DAY_MS = 86_400_000;
/** The server looks once a minute. */
const PATIENCE_MS = 4 * 60_000;

await describeOnMongodb("Documents that have expired", ({ url, server }) => {
  it("are removed by the server, and no others", async function () {
    this.timeout(PATIENCE_MS + 60_000);
    const database = await connectMongo({ url });
    try {
      await syncIndexes(database, indexesFor(server));
      const sends = database.collection<{ _id: string; expiresAt: Date }>(COLLECTIONS.emailSends);
      const events = database.collection<{ _id: string; finishedAt?: Date }>(COLLECTIONS.events);
      const [past, future] = [new Date(Date.now() - 1_000), new Date(Date.now() + DAY_MS)];
      await sends.insertMany([
        { _id: "old", expiresAt: past },
        { _id: "new", expiresAt: future },
      ]);
      await events.insertMany([
        { _id: "old", finishedAt: new Date(Date.now() - 91 * DAY_MS) },
        { _id: "new", finishedAt: new Date(Date.now() - 89 * DAY_MS) },
        { _id: "unfinished" },
      ]);
      const old = async () =>
        (await sends.countDocuments({ _id: "old" })) +
        (await events.countDocuments({ _id: "old" }));
      const end = Date.now() + PATIENCE_MS;
      while ((await old()) > 0 && Date.now() < end) {
        await pause(1_000);
      }
      expect(await old(), "still there").to.equal(0);
      expect(await sends.countDocuments({})).to.equal(1);
      expect(await events.countDocuments({})).to.equal(2);
    } finally {
      await database.close();
    }
  });
});
