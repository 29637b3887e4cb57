import { expect } from "chai";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import type { MongoDatabase } from "../../../src/adapters/mongodb/mongo_database.ts";
import { mongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { BillingFixture, SETTINGS } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { emptyCollections, prepareIndexes } from "./mongo_test_store.ts";

const KEYS = [new Secret(`2026:${"k".repeat(32)}`)];

await describeOnMongodb("Calls to MongoDB for token ledgers", ({ url, server }) => {
  const commands: string[] = [];
  let answered: readonly string[] = [];
  let database: MongoDatabase;
  let store: BillingStore;
  let fixture: BillingFixture;

  before(async () => {
    database = await connectMongo({ url }, { monitorCommands: true });
    await prepareIndexes(database, server);
    database.connection.getClient().on("commandStarted", ({ commandName, command }) => {
      const name = `${commandName} ${String(command[commandName])}`;
      // Whom there is to notify, and what to buy, is looked up afterwards, in the background.
      if (!name.includes(" notification_") && !name.includes(" top_ups")) {
        commands.push(name);
      }
    });
    store = mongoStore(database);
  });
  beforeEach(async () => {
    await emptyCollections(database);
    fixture = new BillingFixture();
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
  });
  afterEach(() => fixture.close());
  after(() => store.close());

  const spendWith = (over: BillingStore) => {
    const settings = { ...SETTINGS, ledgerKeys: KEYS };
    const { billing } = fixture.compose({ store: over, settings });
    return (key: string) => billing.spendTokens.execute({ tenantId: TENANT, key, tokens: 1 });
  };

  /** The head, once it names an entry. */
  async function headAt(seq: number): Promise<void> {
    for (;;) {
      const head = await store.ledgerHeads.read(TENANT);
      if (head?.seq === seq) {
        return;
      }
      expect(head?.seq ?? 0).to.be.lessThan(seq);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it("P30 a debit waits for one read and one insert; the head follows by one update", async () => {
    const spend = spendWith(store);
    await spend("first");
    await headAt(2);
    for (let round = 1; round <= 20; round += 1) {
      commands.length = 0;
      await spend(`call-${round}`);
      answered = [...commands];
      expect(answered.slice(0, 2)).to.deep.equal(["find ledger_entries", "insert ledger_entries"]);
      expect(answered.slice(2)).to.be.deep.oneOf([[], ["update ledger_heads"]]);
      await headAt(2 + round);
      const sent = commands.filter((name) => name !== "find ledger_heads");
      expect(sent).to.deep.equal([...answered.slice(0, 2), "update ledger_heads"]);
    }
  });

  it("P30 of debits at once, the head follows with an update for each at most", async () => {
    const spend = spendWith(store);
    await spend("first");
    await headAt(2);
    commands.length = 0;
    await Promise.all(Array.from({ length: 20 }, (_, index) => spend(`call-${index}`)));
    await headAt(22);
    const count = (name: string) => commands.filter((sent) => sent === name).length;
    expect(count("insert ledger_entries")).to.equal(20);
    expect(count("update ledger_heads")).to.be.within(1, 20);
  });

  it("P30 processes that die before the head has followed leave nothing that is taken for theft", async () => {
    const dying: BillingStore = {
      ...store,
      ledgerHeads: {
        read: (tenantId) => store.ledgerHeads.read(tenantId),
        move: () => new Promise(() => undefined),
        put: (head) => store.ledgerHeads.put(head),
        list: (page) => store.ledgerHeads.list(page),
      },
    };
    const settings = { ...SETTINGS, ledgerKeys: KEYS };
    const verify = () =>
      fixture.compose({ store, settings }).billing.verifyLedgers.execute({ tenantId: TENANT });
    for (let life = 1; life <= 5; life += 1) {
      const spend = spendWith(dying);
      for (let call = 1; call <= 3; call += 1) {
        await spend(`life-${life}-${call}`);
      }
      if (life % 2 === 0) {
        expect((await verify()).damaged).to.deep.equal([]);
      }
    }
    expect((await store.ledgerHeads.read(TENANT))?.seq).to.equal(13);
    await spendWith(store)("after");
    await headAt(17);
    expect((await verify()).damaged).to.deep.equal([]);
  });

  it("P30 what is appended while ledgers are checked is no false alarm, from the first entry on", async () => {
    const settings = { ...SETTINGS, ledgerKeys: KEYS };
    const { billing } = fixture.compose({ store, settings });
    let checks = 0;
    const spending = (async () => {
      for (let tenant = 1; tenant <= 12; tenant += 1) {
        const tenantId = `tenant_${tenant}`;
        for (let call = 1; call <= 4; call += 1) {
          await billing.spendTokens.execute({ tenantId, key: `call-${call}`, tokens: 1 });
        }
      }
    })();
    let done = false;
    const ended = spending.finally(() => {
      done = true;
    });
    while (!done) {
      expect((await billing.verifyLedgers.execute({})).damaged).to.deep.equal([]);
      checks += 1;
    }
    await ended;
    expect(checks).to.be.greaterThan(3);
    const report = await billing.verifyLedgers.execute({});
    expect(report).to.deep.include({ tenants: 12, entries: 60, damaged: [] });
  });
});
