import { expect } from "chai";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import { CustomerClaims } from "../../../src/adapters/mongodb/customer_claims.ts";
import type { MongoDatabase } from "../../../src/adapters/mongodb/mongo_database.ts";
import { type MongoStore, mongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import { isReadable } from "../../../src/application/ports/subscription/account_store.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { tally } from "../../contracts/contract_subject.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { fullAccount } from "../../samples/account.ts";
import { emptyCollections, prepareIndexes } from "./mongo_test_store.ts";

const [OURS, OTHER] = ["clacme0001", "clother0002"];

await describeOnMongodb("Customers' claims in MongoDB", ({ url, server }) => {
  let database: MongoDatabase;
  let store: MongoStore;

  before(async () => {
    database = await connectMongo({ url });
    store = mongoStore(database);
  });
  beforeEach(async () => {
    await emptyCollections(database);
    await prepareIndexes(database, server);
  });
  after(() => database.close());

  const claim = (tenantId: string, revision: number) =>
    new CustomerClaims(database).claim({ customerId: "cus_acme", tenantId, revision });
  const owner = async () => (await store.accounts.findByCustomer("cus_acme"))?.tenantId;

  it("P16 a claim that a crash left without its account gives nothing, and its tenant goes on", async () => {
    expect(await claim(OURS, 1)).to.equal(true);
    expect(await owner()).to.equal(undefined);
    expect(await store.accounts.save(fullAccount({ tenantId: OTHER }))).to.equal("customer_taken");
    expect(await store.accounts.save(fullAccount())).to.equal("saved");
    expect(await owner()).to.equal(OURS);
  });

  it("P16 a claim passes on only when the save that it was made for cannot happen any more", async () => {
    await store.accounts.save(newAccount(OURS));
    expect(await claim(OURS, 2)).to.equal(true);
    // Another process of ours may be about to save the revision 2 with the customer.
    expect(await claim(OTHER, 1)).to.equal(false);
    expect(await store.accounts.save({ ...newAccount(OURS), revision: 1 })).to.equal("saved");
    const late = fullAccount({ tenantId: OURS, revision: 1 });
    expect(await claim(OTHER, 1)).to.equal(true);
    expect(await store.accounts.save(late)).to.be.oneOf(["conflict", "customer_taken"]);
    expect(await store.accounts.save(fullAccount({ tenantId: OTHER }))).to.equal("saved");
    expect(await owner()).to.equal(OTHER);
  });

  it("P16 of a tenant that wants its customer back and one that takes it over one gets it", async () => {
    for (let round = 0; round < 20; round += 1) {
      await emptyCollections(database);
      await store.accounts.save(fullAccount());
      await store.accounts.save(fullAccount({ revision: 1, customerId: null }));
      const outcomes = await Promise.all([
        store.accounts.save(fullAccount({ revision: 2 })),
        store.accounts.save(fullAccount({ tenantId: OTHER })),
      ]);
      expect(tally(outcomes)).to.deep.equal({ saved: 1, customer_taken: 1 });
      const accounts = await store.accounts.list({ limit: 9 });
      const having = accounts.filter((one) => isReadable(one) && one.customerId === "cus_acme");
      expect(having.map(({ tenantId }) => tenantId)).to.deep.equal([await owner()]);
    }
  });

  it("accounts of a release without claims are missing them, until `indexes sync` has made them", async () => {
    const tenants = Array.from({ length: 2_500 }, (_, index) => `tenant_${10_000 + index}`);
    const accounts = database.collection<{ _id: string }>(COLLECTIONS.accounts);
    await database.collection(COLLECTIONS.customers).deleteMany({});
    await accounts.insertMany(
      tenants.map((_id, index) => ({
        _id,
        revision: 3,
        subscription: null,
        standing: null,
        checkout: null,
        ...(index % 5 > 0 && { customerId: `cus_${_id}` }),
      })),
    );
    expect(await store.missingIndexes()).to.include("billing_customers.complete");
    for (let run = 0; run < 2; run += 1) {
      const { missing } = await store.syncIndexes();
      expect(missing).to.not.include("billing_customers.complete");
    }
    expect(await database.collection(COLLECTIONS.customers).countDocuments()).to.equal(2_001);
    const found = await store.accounts.findByCustomer("cus_tenant_12499");
    expect(found).to.include({ tenantId: "tenant_12499", revision: 3 });
    const thief = fullAccount({ tenantId: OTHER, customerId: "cus_tenant_12499" });
    expect(await store.accounts.save(thief)).to.equal("customer_taken");
    // One more that such a release stores while it still runs is found by the next run.
    await accounts.insertOne({ _id: "tenant_late", revision: 1, customerId: "cus_late" } as never);
    await store.syncIndexes();
    expect((await store.accounts.findByCustomer("cus_late"))?.tenantId).to.equal("tenant_late");
  });
});
