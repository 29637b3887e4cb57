import { expect } from "chai";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import {
  AUDIT_INDEX,
  DUE_INDEX,
  KEY_INDEX,
  mongoIndexes,
  SEQ_INDEX,
  SUPPLY_INDEX,
} from "../../../src/adapters/mongodb/indexes/mongo_indexes.ts";
import type { MongoDatabase } from "../../../src/adapters/mongodb/mongo_database.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { fullAccount } from "../../samples/account.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { fullCatalog } from "../../samples/catalog.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { fullEvent, lease } from "../../samples/events.ts";
import { sampleEntry } from "../../samples/ledger.ts";
import { openSpiedStore, type SentCommand, type SpiedStore } from "./command_spy.ts";
import { prepareIndexes } from "./mongo_test_store.ts";
import { searchOf, servingIndex, slowStages } from "./query_plan.ts";

const INDEXES = mongoIndexes(90);
const EXPLAINABLE = ["filter", "query", "sort", "projection", "limit", "updates", "update"];

/** Every call that searches, with the index that each of its searches has to use. */
const SEARCHES: Readonly<
  Record<string, readonly [(store: BillingStore) => Promise<unknown>, ...string[]]>
> = {
  "accounts.find": [({ accounts }) => accounts.find("clacme0001"), "_id_"],
  "accounts.findByCustomer": [
    ({ accounts }) => accounts.findByCustomer("cus_acme"),
    "_id_",
    "_id_",
  ],
  "accounts.save": [({ accounts }) => accounts.save(fullAccount({ revision: 1 })), "_id_"],
  "accounts.save of a taken customer": [
    ({ accounts }) => accounts.save(fullAccount({ tenantId: "t_other" })),
    "_id_",
    "_id_",
    "_id_",
  ],
  "attention.find": [({ attention }) => attention.find(sampleAttentionItem().id), "_id_"],
  "attention.known": [({ attention }) => attention.known("clacme0001"), "tenantId_since"],
  "attention.raise": [
    ({ attention }) => attention.raise(sampleAttentionItem(), { revision: 1, at: NOW }),
    "_id_",
    "_id_",
  ],
  "attention.clear": [
    ({ attention }) => attention.clear(sampleAttentionItem().id, { revision: 1, at: NOW }),
    "_id_",
  ],
  "attention.list": [({ attention }) => attention.list({ limit: 5 }), "state_since"],
  "attention.list of a tenant's page": [
    ({ attention }) =>
      attention.list({ tenantId: "clacme0001", after: sampleAttentionItem(), limit: 5 }),
    "tenantId_since",
  ],
  "audit.list": [({ audit }) => audit.list("clacme0001", { limit: 5 }), AUDIT_INDEX.name],
  "audit.list of a page": [
    ({ audit }) => audit.list("clacme0001", { before: 9, limit: 5 }),
    AUDIT_INDEX.name,
  ],
  "ledger.last": [({ ledger }) => ledger.last("clacme0001"), SEQ_INDEX.name],
  "ledger.append of a taken seq": [
    async ({ ledger }) => await ledger.append(sampleEntry(1, { key: "other" })),
    KEY_INDEX.name,
  ],
  "ledger.list": [({ ledger }) => ledger.list("clacme0001", { limit: 5 }), SEQ_INDEX.name],
  "ledger.list of a page": [
    ({ ledger }) => ledger.list("clacme0001", { before: 9, limit: 5 }),
    SEQ_INDEX.name,
  ],
  "ledger.listSupplies": [
    ({ ledger }) => ledger.listSupplies("clacme0001", { limit: 5 }),
    SUPPLY_INDEX.name,
  ],
  "ledger.listSupplies of a page": [
    ({ ledger }) => ledger.listSupplies("clacme0001", { before: 9, limit: 5 }),
    SUPPLY_INDEX.name,
  ],
  "ledger.find": [({ ledger }) => ledger.find("clacme0001", "key"), KEY_INDEX.name],
  "ledger.entries": [
    ({ ledger }) => ledger.entries("clacme0001")[Symbol.asyncIterator]().next(),
    SEQ_INDEX.name,
  ],
  "ledger.tenants": [({ ledger }) => ledger.tenants({ limit: 1 }), SEQ_INDEX.name],
  "reservations.keep": [
    ({ reservations }) =>
      reservations.keep({ tenantId: "clacme0001", key: "a", expiresAt: NOW, seq: 1 }),
    "tenantId_key_unique",
  ],
  "reservations.dueTenants": [
    ({ reservations }) => reservations.dueTenants({ now: NOW, limit: 1 }),
    "tenantId_expiresAt",
  ],
  "reservations.due of a tenant": [
    ({ reservations }) => reservations.due({ now: NOW, limit: 5, tenantId: "clacme0001" }),
    "tenantId_expiresAt",
  ],
  "inbox.receive again": [({ inbox }) => inbox.receive(fullEvent("evt_1"), NOW), "_id_"],
  "inbox.find": [({ inbox }) => inbox.find("evt_1"), "_id_"],
  "inbox.claim of an unknown one": [
    ({ inbox }) => inbox.claim("evt_2", lease("a")),
    "_id_",
    "_id_",
  ],
  "inbox.settle": [({ inbox }) => inbox.settle("evt_1", "a", { state: "done" }), "_id_"],
  "inbox.due": [
    ({ inbox }) => inbox.due({ now: NOW, receivedBefore: afterNow(-9), limit: 5 }),
    DUE_INDEX.name,
  ],
  "requestCounts.exchange": [
    ({ requestCounts }) =>
      requestCounts.exchange({ by: "p", endsAt: NOW, hits: new Map([["a", 1]]) }),
    "_id_",
    "_id_",
  ],
  "catalog.read": [({ catalog }) => catalog.read(), "_id_"],
  "catalog.save": [({ catalog }) => catalog.save(fullCatalog({ revision: 1 })), "_id_"],
};

await describeOnMongodb("Query plans in MongoDB", ({ url, server }) => {
  let database: MongoDatabase;
  let spied: SpiedStore;
  let explains: boolean;

  before(async () => {
    database = await connectMongo({ url });
    await prepareIndexes(database, server);
    spied = await openSpiedStore(url);
    await spied.store.accounts.save(fullAccount());
    await spied.store.ledger.append(sampleEntry(1));
    await spied.store.inbox.receive(fullEvent("evt_1"), NOW);
    await spied.store.catalog.save(fullCatalog());
    explains = await reportsPlans(database);
    process.stderr.write(
      `Query plans: ${explains ? "explained by" : "not explained by"} ${server}\n`,
    );
  });

  after(async () => {
    await spied.store.close();
    await database.close();
  });

  it("the server explains its plans where that is required", () => {
    expect(explains || process.env.REQUIRE_EXPLAIN !== "1").to.equal(true);
  });

  for (const [name, [call, ...expected]] of Object.entries(SEARCHES)) {
    it(`${name} searches through an index only`, async () => {
      spied.sent.length = 0;
      await call(spied.store);
      const searches = spied.sent.filter((command) => searchOf(command) !== undefined);
      const serving = searches.map((command) => {
        const search = searchOf(command);
        return search && servingIndex(search, INDEXES);
      });
      expect(serving).to.not.include(undefined);
      // FerretDB does not say which index was violated, so that it takes more searches to know.
      expect(server === "FerretDB" ? serving.slice(0, expected.length) : serving).to.deep.equal(
        expected,
      );
      for (const command of explains ? searches : []) {
        expect(slowStages(await explain(database, command)), command.name).to.deep.equal([]);
      }
    });
  }
});

async function reportsPlans(database: MongoDatabase): Promise<boolean> {
  const search = { name: "find", find: COLLECTIONS.accounts, filter: { _id: "clacme0001" } };
  try {
    const { queryPlanner } = await explain(database, search);
    return typeof queryPlanner === "object" && "winningPlan" in queryPlanner;
  } catch {
    return false;
  }
}

function explain({ driver }: MongoDatabase, { name, ...command }: SentCommand) {
  const relevant = Object.entries(command).filter(([field]) => EXPLAINABLE.includes(field));
  const explained = { [name]: command[name], ...Object.fromEntries(relevant) };
  return driver.command({ explain: explained, verbosity: "queryPlanner" });
}

describe("servingIndex", () => {
  const search = { collection: COLLECTIONS.ledger, filter: {}, sort: [] };

  it("notices searches that no index serves", () => {
    for (const [filter, sort] of [
      [{}, []],
      [{ seq: 1 }, []],
      [{ tenantId: { $ne: "clacme0001" } }, []],
      [{ tenantId: "clacme0001" }, [["at", -1]]],
      [{ key: { $lt: "a" } }, [["key", 1]]],
    ] as const) {
      expect(servingIndex({ ...search, filter, sort }, INDEXES)).to.equal(undefined);
    }
    const spends = { tenantId: "clacme0001", kind: { $in: ["debit"] } };
    const bySeq = { ...search, filter: spends, sort: [["seq", -1]] } as const;
    expect(servingIndex(bySeq, INDEXES), "no partial one").to.equal(SEQ_INDEX.name);
    const waiting = { collection: COLLECTIONS.events, filter: { payload: "{}" }, sort: [] };
    expect(servingIndex(waiting, INDEXES)).to.equal(undefined);
  });

  it("knows searches that one serves, in both directions", () => {
    const filter = { tenantId: "clacme0001" };
    for (const order of [1, -1]) {
      const sort = [["seq", order]] as const;
      expect(servingIndex({ ...search, filter, sort }, INDEXES)).to.equal(SEQ_INDEX.name);
    }
  });
});

describe("slowStages", () => {
  const plan = (winningPlan: unknown) => slowStages({ queryPlanner: { winningPlan } });

  it("finds nothing wrong with index lookups, however the server shapes its plans", () => {
    const scan = { stage: "FETCH", inputStage: { stage: "IXSCAN", indexName: "a" } };
    const merge = { stage: "SORT_MERGE", inputStages: [{ stage: "IXSCAN" }, { stage: "IXSCAN" }] };
    for (const winningPlan of [
      scan,
      merge,
      { stage: "IDHACK" },
      { stage: "EXPRESS_IXSCAN" },
      { stage: "UPDATE", inputStage: { stage: "EXPRESS_UPDATE" } },
      { queryPlan: { stage: "LIMIT", inputStage: scan }, slotBasedPlan: {} },
      { stage: "SINGLE_SHARD", shards: [{ shardName: "a", winningPlan: scan }] },
    ]) {
      expect(plan(winningPlan)).to.deep.equal([]);
    }
  });

  it("finds scans of a collection, sorts in memory and plans it does not know", () => {
    expect(plan({ stage: "COLLSCAN" })).to.deep.equal(["no index", "COLLSCAN"]);
    const half = { stage: "OR", inputStages: [{ stage: "IXSCAN" }, { stage: "COLLSCAN" }] };
    expect(plan(half)).to.deep.equal(["COLLSCAN"]);
    expect(plan({ stage: "SORT", inputStage: { stage: "IXSCAN" } })).to.deep.equal(["SORT"]);
    expect(slowStages({})).to.deep.equal(["no index"]);
  });
});
