import { expect } from "chai";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import type { MongoDatabase } from "../../../src/adapters/mongodb/mongo_database.ts";
import { mongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { fullRecord } from "../../samples/account.ts";
import { emptyCollections, prepareIndexes } from "./mongo_test_store.ts";

await describeOnMongodb("An account that cannot be read in MongoDB", ({ url, server }) => {
  let database: MongoDatabase;

  before(async () => {
    database = await connectMongo({ url });
    await emptyCollections(database);
    await prepareIndexes(database, server);
  });
  after(() => database.close());

  it("hides no other in a list, and says what is wrong with it", async () => {
    const { accounts } = mongoStore(database);
    for (const tenantId of ["tenant_a", "tenant_b", "tenant_c"]) {
      await accounts.save(fullRecord({ tenantId, customerId: `cus_${tenantId}` }));
    }
    await database
      .collection<{ readonly _id: string }>(COLLECTIONS.accounts)
      .updateOne({ _id: "tenant_b" }, { $set: { revision: "one" } });
    const [first, second, third, ...more] = await accounts.list({ limit: 9 });
    expect(first).to.deep.include({ tenantId: "tenant_a", customerId: "cus_tenant_a" });
    expect(second).to.have.all.keys("tenantId", "fault").and.include({ tenantId: "tenant_b" });
    expect(third).to.deep.include({ tenantId: "tenant_c", customerId: "cus_tenant_c" });
    expect(more).to.deep.equal([]);
  });
});
