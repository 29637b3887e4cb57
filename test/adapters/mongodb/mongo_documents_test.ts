import { expect } from "chai";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import type { MongoDatabase } from "../../../src/adapters/mongodb/mongo_database.ts";
import { mongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { expectPortError } from "../../contracts/contract_subject.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { fullAccount, fullSubscription } from "../../samples/account.ts";
import { fullCatalog } from "../../samples/catalog.ts";
import { NOW } from "../../samples/dates.ts";
import { fullEvent, handle, lease, OUTCOMES } from "../../samples/events.ts";
import { sampleEntry } from "../../samples/ledger.ts";
import { openSpiedStore } from "./command_spy.ts";
import { emptyCollections } from "./mongo_test_store.ts";

/** What an attacker may send where a text is expected. */
const OPERATORS: readonly unknown[] = [
  { $ne: null },
  { $gt: "" },
  { $where: "true" },
  { $oid: "0123456789abcdef01234567" },
  ["clacme0001"],
  null,
  undefined,
  7,
];

await describeOnMongodb("Documents in MongoDB", ({ url }) => {
  let database: MongoDatabase;
  let store: BillingStore;

  before(async () => {
    database = await connectMongo({ url });
    store = mongoStore(database);
  });

  beforeEach(() => emptyCollections(database));

  after(() => store.close());

  async function expectDecodeError(call: Promise<unknown>, state: string): Promise<void> {
    const error = await expectPortError(call);
    expect(error.transient).to.equal(false);
    expect(error.message).to.include(state);
  }

  for (const [field, value, expected] of [
    ["revision", "1", '"revision" is not a whole number'],
    ["revision", 1.5, '"revision" is not a whole number'],
    ["customerId", 7, '"customerId" is not a text'],
    ["subscription", "sub_1", '"subscription" of a document'],
    ["subscription.status", "gone", '"status" is not one of incomplete, '],
    ["subscription.period.end", "2026-03-14", '"end" is not a date'],
    ["standing.lines", { 0: "a" }, '"lines" is not a list'],
    ["standing.lines.0", null, '"lines" 0 of "standing" of a document'],
    ["checkout.interval", "week", '"interval" is not one of month, year'],
  ] as const) {
    it(`an account whose ${field} is ${JSON.stringify(value)} is named as the error`, async () => {
      await store.accounts.save(fullAccount());
      const accounts = database.collection<{ _id: string }>(COLLECTIONS.accounts);
      await accounts.updateOne({ _id: "clacme0001" }, { $set: { [field]: value } });
      await expectDecodeError(store.accounts.find("clacme0001"), expected);
    });
  }

  it("entries, events and catalogues without a field are named as the error", async () => {
    await store.ledger.append(sampleEntry(1));
    await store.inbox.receive(fullEvent("evt_1"), NOW);
    await store.catalog.save(fullCatalog());
    for (const [collection, field] of [
      [COLLECTIONS.ledger, "hash"],
      [COLLECTIONS.events, "payload"],
      [COLLECTIONS.catalog, "plans"],
    ] as const) {
      await database.collection(collection).updateMany({}, { $unset: { [field]: 1 } });
    }
    await expectDecodeError(
      store.ledger.last("clacme0001"),
      'ledger_entries: "hash" is not a text',
    );
    await expectDecodeError(store.inbox.find("evt_1"), 'stripe_events: "payload" is not a text');
    await expectDecodeError(store.catalog.read(), 'catalog: "plans" is not a list');
  });

  it("an account without optional fields, and with others' fields, is read", async () => {
    const accounts = database.collection<{ _id: string }>(COLLECTIONS.accounts);
    await accounts.insertOne({ _id: "clacme0001", revision: 3, note: "by hand" } as {
      _id: string;
    });
    expect(await store.accounts.find("clacme0001")).to.deep.equal({
      tenantId: "clacme0001",
      revision: 3,
      customerId: null,
      subscription: null,
      standing: null,
      knownSince: null,
      lookedAt: null,
      seen: null,
      inForce: [],
      endedDuplicates: [],
      checkout: null,
      ending: null,
    });
  });

  it("P11 an invalid date is refused and nothing is stored", async () => {
    const cancelAt = new Date(Number.NaN);
    const account = fullAccount({ subscription: fullSubscription({ cancelAt }) });
    const error = await expectPortError(store.accounts.save(account));
    expect(error.message).to.equal(
      "Cannot save the account: Cannot store an instant: it is an invalid date",
    );
    await expectPortError(store.ledger.append(sampleEntry(1, { at: cancelAt })));
    await expectPortError(store.inbox.receive(fullEvent("evt_1"), cancelAt));
    expect(await store.accounts.find("clacme0001")).to.equal(undefined);
    expect(await store.inbox.find("evt_1")).to.equal(undefined);
  });

  it("P35 an operator in place of an id never reaches the server", async () => {
    const { store: spied, sent } = await openSpiedStore(url);
    for (const operator of OPERATORS) {
      const id = operator as string;
      await expectPortError(spied.accounts.find(id));
      await expectPortError(spied.accounts.findByCustomer(id));
      await expectPortError(spied.accounts.save(fullAccount({ tenantId: id, revision: 1 })));
      await expectPortError(spied.ledger.last(id));
      await expectPortError(spied.ledger.list(id, { limit: 1 }));
      await expectPortError(spied.ledger.listSupplies(id, { limit: 1 }));
      await expectPortError(spied.inbox.find(id));
      await expectPortError(spied.inbox.claim(id, lease("a")));
      await expectPortError(spied.inbox.settle(id, "a", { state: "done" }));
      await expectPortError(spied.inbox.settle("evt_1", id, { state: "done" }));
    }
    expect(sent).to.deep.equal([]);
    await spied.close();
  });

  it("events that end well get a date to be removed by, and lose it with a claim", async () => {
    const events = database.collection<{ _id: string; finishedAt?: Date }>(COLLECTIONS.events);
    for (const outcome of OUTCOMES) {
      const _id = `evt_${outcome.state}`;
      await handle(store.inbox, _id, outcome);
      const stored = await events.findOne({ _id });
      const endsWell = ["done", "ignored", "unmatched"].includes(outcome.state);
      expect(stored?.finishedAt instanceof Date, outcome.state).to.equal(endsWell);
    }
    await store.inbox.claim("evt_unmatched", lease("again"));
    expect(await events.findOne({ _id: "evt_unmatched" })).to.not.have.property("finishedAt");
  });

  it("P05 an event that was removed after its time is handled like a new one", async () => {
    await handle(store.inbox, "evt_1", { state: "done" });
    await database.collection(COLLECTIONS.events).deleteMany({});
    expect(await store.inbox.settle("evt_1", "first", { state: "done" })).to.equal(false);
    expect(await store.inbox.claim("evt_1", lease("b"))).to.equal(undefined);
    expect(await store.inbox.receive(fullEvent("evt_1"), NOW)).to.equal("received");
    expect((await store.inbox.claim("evt_1", lease("b")))?.attempts).to.equal(1);
  });
});
