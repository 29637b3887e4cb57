import { expect } from "chai";
import { connectMongo } from "../../../../src/adapters/mongodb/connect_mongo.ts";
import type { MongoDatabase } from "../../../../src/adapters/mongodb/mongo_database.ts";
import { mongoStore } from "../../../../src/adapters/mongodb/open_mongo_store.ts";
import { usageCollection } from "../../../../src/adapters/mongodb/quota/email_usage_document.ts";
import type { Billing } from "../../../../src/application/billing.ts";
import type { BillingStore } from "../../../../src/application/ports/billing_store.ts";
import type { MongoTestDatabase } from "../../../mongodb_server/describe_on_mongodb.ts";
import { describeOnMongodb } from "../../../mongodb_server/describe_on_mongodb.ts";
import { BillingFixture } from "../../../rig/billing_fixture.ts";
import { TENANT } from "../../../samples/account.ts";
import { sampleCatalog } from "../../../samples/catalog.ts";
import { consume } from "../../../samples/quota.ts";
import { emptyCollections, prepareIndexes } from "../mongo_test_store.ts";

await describeOnMongodb("Calls to MongoDB", (place) => {
  describe("to count e-mails", () => declareCalls(place));
});

function declareCalls({ url, server }: MongoTestDatabase): void {
  const commands: string[] = [];
  let database: MongoDatabase;
  let store: BillingStore;
  let fixture: BillingFixture;
  let billing: Billing;

  before(async () => {
    database = await connectMongo({ url }, { monitorCommands: true });
    await prepareIndexes(database, server);
    database.connection.getClient().on("commandStarted", ({ commandName, command }) => {
      // Whom there is to notify, and what to buy, is looked up afterwards, in the background.
      if (!/^(notification_|top_ups)/.test(String(command[commandName]))) {
        commands.push(commandName);
      }
    });
    store = mongoStore(database);
    fixture = await BillingFixture.open();
  });
  beforeEach(async () => {
    await emptyCollections(database);
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
    billing = fixture.process({ store });
    await consume(billing);
  });
  after(async () => {
    await database.close();
    await fixture.close();
  });

  /** The commands that some work sends to the server. */
  async function sent(work: () => Promise<unknown>): Promise<readonly string[]> {
    commands.length = 0;
    await work();
    return [...commands];
  }

  it("P31 a send without a key is exactly one", async () => {
    const send = () => consume(billing, { count: 20 });
    expect(await sent(send)).to.deep.equal(["findAndModify"]);
  });

  it("P31 a send with a key is two, every time", async () => {
    for (let round = 0; round < 100; round += 1) {
      const send = () => consume(billing, { key: `key ${round}` });
      expect(await sent(send)).to.deep.equal(["findAndModify", "insert"]);
    }
  });

  it("P31 the notes of sends with keys go away with later ones", async () => {
    for (let round = 0; round < 20; round += 1) {
      await consume(billing, { key: `key ${round}` });
    }
    const record = await usageCollection(database).findOne({ _id: TENANT });
    expect([record?.counts0, record?.counts1].flat()).to.have.length.below(4);
  });

  it("P31 giving back without a key is one", async () => {
    const periodStart = new Date("2026-03-01T00:00:00Z");
    const release = () =>
      billing.releaseEmailQuota.execute({ tenantId: TENANT, count: 1, periodStart });
    expect(await sent(release)).to.deep.equal(["update"]);
  });

  it("P31 reading the usage is one", async () => {
    const read = () => billing.readUsage.execute({ tenantId: TENANT });
    expect(await sent(read)).to.deep.equal(["find"]);
  });
}
