import { expect } from "chai";
import { COLLECTIONS } from "../../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../../src/adapters/mongodb/connect_mongo.ts";
import {
  DUE_INDEX,
  KEY_INDEX,
  mongoIndexes,
  SEQ_INDEX,
} from "../../../../src/adapters/mongodb/indexes/mongo_indexes.ts";
import {
  checkIndexes,
  syncIndexes,
} from "../../../../src/adapters/mongodb/indexes/sync_indexes.ts";
import type { MongoDatabase } from "../../../../src/adapters/mongodb/mongo_database.ts";
import { openMongoStore } from "../../../../src/adapters/mongodb/open_mongo_store.ts";
import { tally } from "../../../contracts/contract_subject.ts";
import { describeOnMongodb } from "../../../mongodb_server/describe_on_mongodb.ts";
import { useShared } from "../../../rig/use_fresh.ts";
import { sampleEntry } from "../../../samples/ledger.ts";
import { indexesFor } from "../mongo_test_store.ts";

const OK = { missing: [], different: [] };

await describeOnMongodb("Indexes in MongoDB", ({ url, server }) => {
  const indexes = indexesFor(server);
  const names = indexes.map(({ collection, name }) => `${collection}.${name}`);
  const database = useShared(() => connectMongo({ url }));

  beforeEach(() => database.connection.dropDatabase());

  it("checkIndexes names all that a new database lacks, creates nothing", async () => {
    expect(await checkIndexes(database, indexes)).to.deep.equal({ missing: names, different: [] });
    expect(await database.driver.listCollections().toArray()).to.deep.equal([]);
  });

  it("syncIndexes creates what is missing, and can be repeated", async () => {
    expect(await syncIndexes(database, indexes)).to.deep.equal(OK);
    expect(await syncIndexes(database, indexes)).to.deep.equal(OK);
    expect(await checkIndexes(database, indexes)).to.deep.equal(OK);
  });

  it("checkIndexes names a single index that was dropped", async () => {
    await syncIndexes(database, indexes);
    await database.collection(COLLECTIONS.ledger).dropIndex(SEQ_INDEX.name);
    const missing = [`${SEQ_INDEX.collection}.${SEQ_INDEX.name}`];
    expect(await checkIndexes(database, indexes)).to.deep.equal({ missing, different: [] });
    expect(await syncIndexes(database, indexes)).to.deep.equal(OK);
  });

  it("indexes that are different are named and stay as they are", async () => {
    const collection = database.collection(COLLECTIONS.ledger);
    await collection.createIndex({ tenantId: 1, seq: 1 }, { name: SEQ_INDEX.name });
    await collection.createIndex({ tenantId: 1, hash: 1 }, { name: KEY_INDEX.name, unique: true });
    const report = await syncIndexes(database, indexes);
    expect(report).to.deep.equal({
      missing: [],
      different: [SEQ_INDEX, KEY_INDEX].map(({ name }) => `${COLLECTIONS.ledger}.${name}`),
    });
    const kept = await collection.indexes();
    expect(kept.find(({ name }) => name === SEQ_INDEX.name)?.unique ?? false).to.equal(false);
  });

  it("others' indexes and collections are left alone", async () => {
    await database.collection(COLLECTIONS.ledger).createIndex({ hash: 1 }, { name: "theirs" });
    await database.collection("theirs").insertOne({ a: 1 });
    await syncIndexes(database, indexes);
    const kept = await database.collection(COLLECTIONS.ledger).indexes();
    expect(kept.map(({ name }) => name)).to.include("theirs");
    expect(await database.collection("theirs").countDocuments()).to.equal(1);
  });

  it("P23 an index over entries that break it cannot be created, which is an error", async () => {
    await database
      .collection(COLLECTIONS.ledger)
      .insertMany([{ ...sampleEntry(1) }, { ...sampleEntry(1) }]);
    const failure = await syncIndexes(database, indexes).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.have.property("transient", false);
    expect(failure)
      .to.have.property("message")
      .that.matches(/^Cannot create the indexes: /);
    expect((await checkIndexes(database, indexes)).missing).to.include(
      `${COLLECTIONS.ledger}.${SEQ_INDEX.name}`,
    );
  });

  if (server !== "FerretDB") {
    it("openMongoStore creates indexes only where autoIndex asks for it", async () => {
      const without = await openMongoStore({ url, autoIndex: false });
      const missing = [...names, "billing_customers.complete"];
      expect((await without.checkIndexes()).missing).to.deep.equal(missing);
      await without.close();
      const stores = await Promise.all(
        Array.from({ length: 3 }, () => openMongoStore({ url, autoIndex: true })),
      );
      for (const store of stores) {
        expect(await store.checkIndexes()).to.deep.equal(OK);
      }
      const answers = await Promise.all(
        stores.flatMap(({ ledger }) => [1, 2, 3].map(() => ledger.append(sampleEntry(1)))),
      );
      expect(tally(answers)).to.deep.equal({ appended: 1, key_taken: 8 });
      await Promise.all(stores.map((store) => store.close()));
    });

    it("another retention of finished events is a difference", async () => {
      await syncIndexes(database, mongoIndexes(90));
      const { different } = await checkIndexes(database, mongoIndexes(30));
      expect(different).to.deep.equal([`${COLLECTIONS.events}.finishedAt_expiry`]);
      const stored = await database.collection(COLLECTIONS.events).indexes();
      const due = stored.find(({ name }) => name === DUE_INDEX.name);
      expect(due?.partialFilterExpression).to.deep.equal({ dueAt: { $exists: true } });
    });
  }

  it("syncIndexes changes the retention of finished events by collMod", async () => {
    const commands: unknown[] = [];
    const spied = spyOnCommands(database, commands);
    const expiry = mongoIndexes(30).filter(({ expireAfterSeconds }) => expireAfterSeconds);
    await spied
      .collection(COLLECTIONS.events)
      .createIndex({ finishedAt: 1 }, { name: "finishedAt_expiry" });
    await syncIndexes(spied, expiry);
    expect(commands).to.deep.equal([
      {
        collMod: COLLECTIONS.events,
        index: { name: "finishedAt_expiry", expireAfterSeconds: 2_592_000 },
      },
    ]);
  });
});

/** The database with `command` replaced: test servers know no `collMod`. */
function spyOnCommands(database: MongoDatabase, commands: unknown[]): MongoDatabase {
  const command = async (document: unknown) => commands.push(document);
  const driver = new Proxy(database.driver, {
    get: (target, name) => {
      const value: unknown = name === "command" ? command : Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return Object.create(database, {
    driver: { value: driver },
    collection: { value: (name: string) => database.collection(name) },
    attempt: { value: (_: string, work: () => Promise<unknown>) => work() },
    attemptUnlimited: { value: (_: string, work: () => Promise<unknown>) => work() },
  });
}
