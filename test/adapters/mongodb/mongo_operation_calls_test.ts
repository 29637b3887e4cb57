import { expect } from "chai";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import type { MongoDatabase } from "../../../src/adapters/mongodb/mongo_database.ts";
import { mongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import type { Billing } from "../../../src/application/billing.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { consume } from "../../samples/quota.ts";
import { emptyCollections, prepareIndexes } from "./mongo_test_store.ts";

await describeOnMongodb("What an operation costs on MongoDB", ({ url, server }) => {
  const commands: string[] = [];
  let database: MongoDatabase;
  let store: MovableStore;
  let fixture: BillingFixture;
  let billing: Billing;

  before(async () => {
    database = await connectMongo({ url }, { monitorCommands: true });
    await prepareIndexes(database, server);
    store = mongoStore(database);
    database.connection.getClient().on("commandStarted", ({ commandName, command }) => {
      const name = `${commandName} ${String(command[commandName])}`;
      // Whom there is to notify, and what to buy, is looked up afterwards, in the background.
      if (!/ (notification_|top_ups)/.test(name)) {
        commands.push(name);
      }
    });
  });
  after(() => store.close());

  beforeEach(async () => {
    await emptyCollections(database);
    fixture = new BillingFixture(store);
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
    await fixture.addSubscriber();
    billing = fixture.billing;
    await deliver("evt_first");
    commands.length = 0;
  });

  async function deliver(id: string): Promise<void> {
    const rawBody = new TextEncoder().encode(id);
    const delivery = { rawBody, signature: "genuine", claims: true };
    const received = await billing.receiveStripeEvent.execute(delivery);
    const claim = received.type === "stored" ? received.claim : undefined;
    const handled = await billing.handleStripeEvent.execute({
      eventId: id,
      ...(claim && { claim }),
    });
    expect(handled).to.deep.include({ type: "settled", outcome: { state: "done" } });
  }

  it("P04 an event that brings nothing new", async () => {
    await deliver("evt_second");
    expect(commands).to.deep.equal([
      "insert stripe_events",
      "find billing_customers",
      "find billing_accounts",
      "find catalog",
      "update billing_accounts",
      "find ledger_entries",
      "find email_usage",
      "find attention_items",
      "update stripe_events",
    ]);
  });

  it("P04 the same event again", async () => {
    const rawBody = new TextEncoder().encode("evt_first");
    await billing.receiveStripeEvent.execute({ rawBody, signature: "genuine" });
    expect(commands).to.deep.equal(["insert stripe_events", "find stripe_events"]);
  });

  it("P09 a look that changes nothing writes once", async () => {
    const look = () => billing.synchronizeTenant.execute({ tenantId: TENANT, packs: false });
    fixture.advance(120_000);
    await look();
    expect(commands).to.deep.equal([
      "find catalog",
      "find billing_accounts",
      "update billing_accounts",
      "find ledger_entries",
      "find email_usage",
      "find attention_items",
    ]);
  });

  it("P32 a refused send with a key", async () => {
    await consume(billing, { count: 100_000 });
    commands.length = 0;
    const outcome = await consume(billing, { count: 100_000, key: "large" });
    expect(outcome).to.include({ type: "exceeded" });
    const attempt = ["findAndModify email_usage", "find email_usage", "find email_sends"];
    const decision = ["find billing_accounts", "find catalog", "find email_usage"];
    expect(commands).to.deep.equal([...attempt, ...decision, "find email_sends", ...attempt]);
  });

  it("P31 a send with a key, and its release", async () => {
    await consume(billing, { key: "one" });
    expect(commands).to.deep.equal(["findAndModify email_usage", "insert email_sends"]);
    commands.length = 0;
    await billing.releaseEmailQuota.execute({ tenantId: TENANT, key: "one" });
    expect(commands).to.deep.equal([
      "find email_sends",
      "update email_sends",
      "update email_usage",
      "update email_sends",
      "update email_usage",
    ]);
  });

  it("P30 a reservation and what is spent of it", async () => {
    const use = { tenantId: TENANT, key: "one", tokens: 2 };
    await billing.reserveTokens.execute(use);
    await billing.commitReservation.execute({ ...use, tokens: 1 });
    // The head follows in the background.
    expect(commands.filter((name) => !name.includes(" ledger_heads"))).to.deep.equal([
      "find ledger_entries",
      "update reservation_reminders",
      "insert ledger_entries",
      "find ledger_entries",
      "find ledger_entries",
      "insert ledger_entries",
      "delete reservation_reminders",
    ]);
  });

  it("P38 counting the events counts those of each state", async () => {
    await billing.countEvents.execute();
    expect(commands).to.deep.equal(Array.from({ length: 7 }, () => "aggregate stripe_events"));
  });

  it("P32 a refused send; the month's first is noted", async () => {
    const reads = [
      "findAndModify email_usage",
      "find billing_accounts",
      "find catalog",
      "find email_usage",
      "find email_sends",
    ];
    expect(await consume(billing, { count: 100_000 })).to.include({ type: "exceeded" });
    expect(commands).to.deep.equal([...reads, "update email_usage"]);
    commands.length = 0;
    expect(await consume(billing, { count: 100_000 })).to.include({ type: "exceeded" });
    expect(commands).to.deep.equal(reads);
  });

  it("P31 a counted send", async () => {
    await consume(billing);
    expect(commands).to.deep.equal(["findAndModify email_usage"]);
  });

  it("reading a subscription", async () => {
    await billing.readSubscription.execute({ tenantId: TENANT });
    expect(commands).to.deep.equal([
      "find ledger_entries",
      "find billing_accounts",
      "find catalog",
      "find email_usage",
    ]);
  });

  it("a catalogue that another process has changed is read anew", async () => {
    const other = mongoStore(await connectMongo({ url }));
    const { plans, ...rest } = sampleCatalog();
    const renamed = plans.map((plan) => ({ ...plan, name: `New ${plan.name}` }));
    expect(await other.catalog.save({ ...rest, plans: renamed, revision: 1 })).to.equal("saved");
    await other.close();
    const read = await store.catalog.read();
    expect(read?.plans.map(({ name }) => name)).to.deep.equal(renamed.map(({ name }) => name));
  });
});
