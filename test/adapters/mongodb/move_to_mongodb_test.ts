import { expect } from "chai";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import type { MongoDatabase } from "../../../src/adapters/mongodb/mongo_database.ts";
import { mongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { CompareStores } from "../../../src/application/installation/compare_stores.ts";
import { MoveStore } from "../../../src/application/installation/move_store.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import { NO_LEDGER_KEYS } from "../../../src/domain/tokens/ledger_keys.ts";
import { CONTENT_COUNTS, fillStore } from "../../application/installation/movable_content.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { emptyCollections, prepareIndexes } from "./mongo_test_store.ts";

const keys = { ledgerKeys: NO_LEDGER_KEYS };

/** Short-lived: keys and blocks of e-mails, whose counts stay, and limits of requests. */
const NOT_MOVED = [COLLECTIONS.emailSends, COLLECTIONS.requestCounts];

const onProgress = () => undefined;

await describeOnMongodb("Moving between SQLite and MongoDB", ({ url, server }) => {
  let database: MongoDatabase;
  let sqlite: MovableStore;
  let mongodb: MovableStore;

  before(async () => {
    database = await connectMongo({ url });
    mongodb = mongoStore(database);
    await prepareIndexes(database, server);
  });

  beforeEach(async () => {
    await emptyCollections(database);
    sqlite = openSqliteStore(":memory:");
  });

  afterEach(() => sqlite.close());

  after(() => mongodb.close());

  async function expectTrueCopy(from: MovableStore, to: MovableStore): Promise<void> {
    const comparison = await new CompareStores({ from, to, ...keys }).execute({ onProgress });
    expect(comparison).to.deep.equal({ counts: CONTENT_COUNTS, problems: [] });
  }

  it("P30 from SQLite to MongoDB, and on to another SQLite: the copies are true", async () => {
    await fillStore(sqlite);
    await new MoveStore({ from: sqlite, to: mongodb }).execute({ onProgress });
    await expectTrueCopy(sqlite, mongodb);
    const third = openSqliteStore(":memory:");
    await new MoveStore({ from: mongodb, to: third }).execute({ onProgress });
    await expectTrueCopy(mongodb, third);
    await third.close();
  });

  it("fills every collection that a store in use has, but those named", async () => {
    await fillStore(sqlite);
    await new MoveStore({ from: sqlite, to: mongodb }).execute({ onProgress });
    const counts = Object.values(COLLECTIONS).map(async (name) => [
      name,
      await database.collection(name).countDocuments(),
    ]);
    const empty = (await Promise.all(counts)).filter(([, count]) => count === 0);
    expect(empty.map(([name]) => name)).to.have.members(NOT_MOVED);
  });

  it("from MongoDB to SQLite and back into an empty MongoDB", async () => {
    await fillStore(mongodb);
    await new MoveStore({ from: mongodb, to: sqlite }).execute({ onProgress });
    await expectTrueCopy(mongodb, sqlite);
    await emptyCollections(database);
    await new MoveStore({ from: sqlite, to: mongodb }).execute({ onProgress });
    await expectTrueCopy(sqlite, mongodb);
  });

  it("P30 an entry that was changed in MongoDB by hand is found at its place", async () => {
    await fillStore(sqlite);
    await new MoveStore({ from: sqlite, to: mongodb }).execute({ onProgress });
    await database
      .collection(COLLECTIONS.ledger)
      .updateOne({ tenantId: "t_beta", seq: 2 }, { $set: { amount: 301 } });
    const comparison = new CompareStores({ from: sqlite, to: mongodb, ...keys });
    expect((await comparison.execute({ onProgress })).problems).to.deep.equal([
      "Ledger of t_beta, entry 2: it is not the same",
      "Ledger of t_beta, entry 2: it was changed: its hash is another",
      "Ledger of t_beta, entry 2: its amount does not add up",
    ]);
  });
});
