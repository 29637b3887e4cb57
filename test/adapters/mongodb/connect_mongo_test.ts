import { expect } from "chai";
import mongoose from "mongoose";
import { connectMongo, MONGO_TIMEOUTS } from "../../../src/adapters/mongodb/connect_mongo.ts";
import { openMongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import { expectPortError } from "../../contracts/contract_subject.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { withOptions } from "../../mongodb_server/find_mongodb_server.ts";
import { fullAccount } from "../../samples/account.ts";
import { NOW } from "../../samples/dates.ts";
import { fullEvent } from "../../samples/events.ts";
import { sampleEntry } from "../../samples/ledger.ts";
import { openSpiedStore } from "./command_spy.ts";

describe("connectMongo", () => {
  it("refuses a URL without a database, which would be the database test", async () => {
    for (const url of ["mongodb://127.0.0.1:1", "mongodb://127.0.0.1:1/?retryWrites=false"]) {
      const error = await expectPortError(connectMongo({ url }));
      expect(error.message).to.match(/names no database/);
      expect(error.transient).to.equal(false);
    }
  });

  it("keeps the URL's password out of every failure, its causes included", async () => {
    const timeouts = { serverSelectionTimeoutMs: 50, connectTimeoutMs: 50 };
    for (const url of [
      "mongodb://app:s3%40cret@127.0.0.1:1/billing",
      "mongodb://app:s3@cret@127.0.0.1:1/billing",
      "mongodb://app:s3%40cret@127.0.0.1:1/billing?nonsense=1",
      "mongodb://app:s3%40cret@:1:1/billing",
      "mongodb+srv://app:s3%40cret@a.b/billing",
      "postgres://app:s3%40cret@127.0.0.1/billing",
      "s3%40cret",
    ]) {
      const error = await expectPortError(connectMongo({ url, ...timeouts }));
      for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
        expect(`${cause.message} ${cause.stack}`).to.not.match(/s3(%40|@)cret/);
      }
    }
  });

  it("is transient where no server listens, and ends within its time limits", async () => {
    const url = "mongodb://127.0.0.1:1/billing_test";
    const error = await expectPortError(connectMongo({ url, serverSelectionTimeoutMs: 50 }));
    expect(error.transient).to.equal(true);
    expect(error.message).to.match(/^Cannot open the store in MongoDB: /);
    expect(MONGO_TIMEOUTS.operationTimeoutMs).to.be.at.most(10_000);
  });
});

await describeOnMongodb("Connection to MongoDB", ({ url }) => {
  it("writes wait for a majority and have a time limit, whatever the URL says", async () => {
    const { store, sent } = await openSpiedStore(withOptions(url, "w=1&readPreference=nearest"));
    await store.accounts.save(fullAccount());
    await store.accounts.save(fullAccount({ revision: 1 }));
    await store.ledger.append(sampleEntry(1));
    await store.inbox.receive(fullEvent("evt_1"), NOW);
    await store.inbox.claim("evt_1", { token: "a", now: NOW, until: NOW });
    await store.inbox.settle("evt_1", "a", { state: "done" });
    const writes = sent.filter(({ name }) => ["insert", "update", "findAndModify"].includes(name));
    expect(writes).to.have.length(7);
    for (const write of writes) {
      expect(write.writeConcern, write.name).to.deep.equal({ w: "majority" });
      expect(write.maxTimeMS, write.name).to.equal(MONGO_TIMEOUTS.operationTimeoutMs);
    }
    await store.close();
  });

  it("reads go to the primary, see only what lasts and have a time limit, whatever the URL says", async () => {
    const options = "readPreference=secondary&readConcernLevel=local";
    const { store, sent } = await openSpiedStore(withOptions(url, options));
    await store.accounts.find("clacme0001");
    await store.ledger.last("clacme0001");
    await store.ledger.list("clacme0001", { limit: 5 });
    await store.inbox.due({ now: NOW, receivedBefore: NOW, limit: 5 });
    await store.catalog.read();
    expect(sent.map(({ name }) => name)).to.deep.equal(Array(5).fill("find"));
    for (const { maxTimeMS, $readPreference, readConcern } of sent) {
      expect(maxTimeMS).to.equal(MONGO_TIMEOUTS.operationTimeoutMs);
      expect($readPreference).to.equal(undefined);
      expect(readConcern).to.deep.equal({ level: "majority" });
    }
    await store.close();
  });

  it("P30 a whole ledger is read as the primary has it, so that none of it seems to be missing", async () => {
    const { store, sent } = await openSpiedStore(url);
    for await (const _ of store.ledger.entries("t_none")) {
      expect.fail("there is none");
    }
    expect(sent.map(({ readConcern }) => readConcern)).to.deep.equal([{ level: "local" }]);
    await store.close();
  });

  it("uses no transactions", async () => {
    const { store, sent } = await openSpiedStore(url);
    await store.accounts.save(fullAccount({ tenantId: "t_other", customerId: null }));
    expect(sent).to.have.length(1);
    expect(sent[0]).to.not.have.any.keys("startTransaction", "autocommit");
    await store.close();
  });

  it("a mistyped field in a filter throws instead of matching everything", async () => {
    const database = await connectMongo({ url });
    const model = database.connection.model("Sample", new mongoose.Schema({ tenantId: String }));
    const read = model
      .findOne({ tenantld: "clacme0001" })
      .lean()
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(await read).to.have.property("name", "StrictModeError");
    await database.close();
  });

  it("other users of mongoose in the process keep their settings", async () => {
    const before = mongoose.get("strictQuery");
    const connections = [...mongoose.connections];
    const store = await openMongoStore({ url, autoIndex: false });
    expect(mongoose.get("strictQuery")).to.equal(before);
    expect(mongoose.connections).to.have.ordered.members(connections);
    await store.close();
  });

  it("closing twice is harmless", async () => {
    const store = await openMongoStore({ url, autoIndex: false });
    await store.close();
    await store.close();
    const error = await expectPortError(store.accounts.find("clacme0001"));
    expect(error.message).to.equal("Cannot read the account: the store is closed");
  });
});
