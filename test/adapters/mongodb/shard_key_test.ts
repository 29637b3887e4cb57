import { expect } from "chai";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import type { Billing } from "../../../src/application/billing.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import { DEADLINES_MS } from "../../../src/composition/within_deadlines.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { BillingFixture, SETTINGS } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { CHECKOUT } from "../../samples/http.ts";
import { samplePack } from "../../samples/token_pack.ts";
import { openSpiedStore, type SpiedStore } from "./command_spy.ts";
import { emptyCollections, prepareIndexes } from "./mongo_test_store.ts";
import { documentedShardKeys, strayOf } from "./shard_keys.ts";

const tenantId = TENANT;
/** The one document of `catalog` is read by everybody, and is on one shard in any case. */
const UNSHARDED: readonly string[] = [COLLECTIONS.catalog];
/** Lists over all tenants, for operators only. */
const FOR_OPERATORS = ["listAttention", "listDeliveries", "listEvents"];

type Life = (billing: Billing, fixture: BillingFixture) => Promise<unknown>;

/** What requests and webhooks do, by what it is for; each goes on from the one before. */
const LIFE: Readonly<Record<string, Life>> = {
  receiveStripeEvent: ({ receiveStripeEvent }) =>
    receiveStripeEvent.execute({
      rawBody: new TextEncoder().encode("evt_one"),
      signature: "genuine",
    }),
  "handleStripeEvent of a new subscription": ({ handleStripeEvent }) =>
    handleStripeEvent.execute({ eventId: "evt_one" }),
  "synchronizeTenant with a pack and a dispute": ({ synchronizeTenant }) =>
    synchronizeTenant.execute({ tenantId, reversals: true }),
  listPlans: ({ listPlans }) => listPlans.execute(),
  listTokenPacks: ({ listTokenPacks }) => listTokenPacks.execute(),
  readSubscription: ({ readSubscription }) => readSubscription.execute({ tenantId }),
  checkLimit: ({ checkLimit }) => checkLimit.execute({ tenantId, of: "domains", count: 1 }),
  readUsage: ({ readUsage }) => readUsage.execute({ tenantId }),
  spendTokens: ({ spendTokens }) => spendTokens.execute({ tenantId, key: "a", tokens: 5 }),
  "spendTokens again": ({ spendTokens }) => spendTokens.execute({ tenantId, key: "a", tokens: 5 }),
  "spendTokens too many": ({ spendTokens }) =>
    spendTokens.execute({ tenantId, key: "b", tokens: 10_000_000 }),
  reserveTokens: ({ reserveTokens }) => reserveTokens.execute({ tenantId, key: "r", tokens: 5 }),
  commitReservation: ({ commitReservation }) =>
    commitReservation.execute({ tenantId, key: "r", tokens: 4 }),
  "reserveTokens once more": ({ reserveTokens }) =>
    reserveTokens.execute({ tenantId, key: "s", tokens: 5 }),
  releaseReservation: ({ releaseReservation }) =>
    releaseReservation.execute({ tenantId, key: "s" }),
  readTokens: ({ readTokens }) => readTokens.execute({ tenantId, limit: 5 }),
  readTokenPeriods: ({ readTokenPeriods }) => readTokenPeriods.execute({ tenantId, limit: 5 }),
  consumeEmailQuota: ({ consumeEmailQuota }) => consumeEmailQuota.execute({ tenantId, count: 3 }),
  "consumeEmailQuota under a key": ({ consumeEmailQuota }) =>
    consumeEmailQuota.execute({ tenantId, count: 3, key: "k" }),
  "consumeEmailQuota under it again": ({ consumeEmailQuota }) =>
    consumeEmailQuota.execute({ tenantId, count: 3, key: "k" }),
  "consumeEmailQuota of too many": ({ consumeEmailQuota }) =>
    consumeEmailQuota.execute({ tenantId, count: 100_000, key: "l" }),
  releaseEmailQuota: ({ releaseEmailQuota }) => releaseEmailQuota.execute({ tenantId, key: "k" }),
  "releaseEmailQuota again": ({ releaseEmailQuota }) =>
    releaseEmailQuota.execute({ tenantId, key: "k" }),
  "releaseEmailQuota without a key": ({ releaseEmailQuota }, { now }) =>
    releaseEmailQuota.execute({ tenantId, count: 1, periodStart: now }),
  openPortal: ({ openPortal }) => openPortal.execute({ tenantId }),
  readBillingDetails: ({ readBillingDetails }) => readBillingDetails.execute({ tenantId }),
  listInvoices: ({ listInvoices }) => listInvoices.execute({ tenantId, limit: 5 }),
  previewCheckout: ({ previewCheckout }) =>
    previewCheckout.execute({ tenantId, planSlug: "business" }),
  startCheckout: ({ startCheckout }) => startCheckout.execute({ tenantId, ...CHECKOUT }),
  "startCheckout of a new tenant": ({ startCheckout }) =>
    startCheckout.execute({ tenantId: "clfresh0003", ...CHECKOUT }),
  startPackCheckout: ({ startPackCheckout }) =>
    startPackCheckout.execute({ tenantId, packSlug: "starter", ...CHECKOUT }),
  resumeSubscription: ({ resumeSubscription }) => resumeSubscription.execute({ tenantId } as never),
  listAuditEntries: ({ listAuditEntries }) => listAuditEntries.execute({ tenantId, limit: 5 }),
  addWebhookEndpoint: ({ addWebhookEndpoint }) =>
    addWebhookEndpoint.execute({ url: "https://hooks.example.com/", events: ["pack.bought"] }),
  listWebhookEndpoints: ({ listWebhookEndpoints }) => listWebhookEndpoints.execute(),
  rotateWebhookSecret: ({ rotateWebhookSecret }) => rotateWebhookSecret.execute({ id: "whe_0" }),
  tellTenant: ({ tellTenant }) => tellTenant.execute({ tenantId }),
  replayDelivery: ({ replayDelivery }) =>
    replayDelivery.execute({ endpointId: "whe_0", id: "whe_0/pack.bought" }),
  removeWebhookEndpoint: ({ removeWebhookEndpoint }) =>
    removeWebhookEndpoint.execute({ id: "whe_0" }),
  changeAlerts: ({ changeAlerts }) =>
    changeAlerts.execute({ tenantId, emailPercentages: [50], tokensBelow: null }),
  changeAutoTopUp: ({ changeAutoTopUp }) =>
    changeAutoTopUp.execute({
      tenantId,
      enabled: true,
      belowTokens: 100_000_000,
      packSlug: "starter",
      maxPerMonth: 1,
    }),
  readAutoTopUp: ({ readAutoTopUp }) => readAutoTopUp.execute({ tenantId }),
  "spendTokens with a top-up": ({ spendTokens }) =>
    spendTokens.execute({ tenantId, key: "t", tokens: 1 }),
  readEmailPeriods: ({ readEmailPeriods }) => readEmailPeriods.execute({ tenantId }),
  readAlerts: ({ readAlerts }) => readAlerts.execute({ tenantId }),
  readEvent: ({ readEvent }) => readEvent.execute({ eventId: "evt_one" }),
  replayEvent: ({ replayEvent }) => replayEvent.execute({ eventId: "evt_one" }),
  resolveAttention: ({ resolveAttention }) =>
    resolveAttention.execute({ id: `payment_charged_back:${tenantId}:dp_1`, operator: "Ada" }),
  endTenant: ({ endTenant }) =>
    endTenant.execute({ tenantId, when: "now", refund: true, redact: "delete", dryRun: true }),
  "endTenant for good": async ({ endTenant, changeAlerts, consumeEmailQuota }) => {
    const ended = { tenantId: `clended${Math.random().toString(36).slice(2, 8)}` };
    await changeAlerts.execute({ ...ended, emailPercentages: [50], tokensBelow: null });
    await consumeEmailQuota.execute({ ...ended, count: 1 });
    await endTenant.execute({ ...ended, when: "now", refund: true, redact: "delete" });
  },
};

await describeOnMongodb("Shard keys in MongoDB", ({ url, server }) => {
  let spied: SpiedStore;
  let keys: ReadonlyMap<string, string>;

  before(async () => {
    keys = await documentedShardKeys();
    const database = await connectMongo({ url });
    await prepareIndexes(database, server);
    await emptyCollections(database);
    await database.close();
    spied = await openSpiedStore(url);
  });
  after(() => spied.store.close());

  it("every collection has one in docs/operations.md, but for the catalogue", () => {
    const collections = Object.values(COLLECTIONS).filter((name) => !UNSHARDED.includes(name));
    expect([...keys.keys()].toSorted()).to.deep.equal(collections.toSorted());
  });

  for (const quotaLeases of [false, true]) {
    const way = quotaLeases ? "with leases of e-mails" : "counting singly";
    it(`every command of a request or a webhook carries it, ${way}`, async () => {
      const fixture = new BillingFixture(spied.store as MovableStore);
      const revision = (await fixture.store.catalog.read())?.revision ?? 0;
      await fixture.store.catalog.save({ ...sampleCatalog(), revision });
      if ((await fixture.account()) === undefined) {
        await fixture.addSubscriber();
      }
      fixture.packs.truth = [samplePack()];
      const dispute = { id: "dp_1", kind: "dispute", createdAt: fixture.now, amount: 100 } as const;
      fixture.payments.reversals = [{ ...dispute, inForce: true, invoiceId: "in_one" }];
      const billing = fixture.process({ settings: { ...SETTINGS, quotaLeases } });
      const stray: string[] = [];
      let commands = 0;
      for (const [name, act] of Object.entries(LIFE)) {
        spied.sent.length = 0;
        await act(billing, fixture);
        const data = spied.sent.filter(
          (command) => !UNSHARDED.includes(String(command[command.name])),
        );
        commands += data.length;
        const found = data.map((command) => strayOf(command, keys));
        stray.push(...found.flatMap((why) => (why === null ? [] : [`${name}: ${why}`])));
      }
      expect(stray).to.deep.equal([]);
      expect(commands, "the life was played").to.be.greaterThan(60);
    });
  }

  it("no use case that somebody waits for is left out", () => {
    const played = Object.keys(LIFE).map((name) => name.split(" ")[0]);
    expect([...played, ...FOR_OPERATORS]).to.include.members(Object.keys(DEADLINES_MS));
  });

  it("a command that goes to all shards is noticed", async () => {
    const sent = (command: object) => strayOf({ name: "find", ...command }, keys);
    expect(sent({ find: "ledger_entries", filter: { key: "a" } })).to.include("without tenantId");
    expect(sent({ find: "email_sends", filter: { _id: "a" } })).to.include("without tenantId");
    expect(sent({ find: "billing_accounts", filter: { customerId: "a" } })).to.include("_id");
    expect(sent({ find: "billing_accounts", filter: { _id: { $gt: "a" } } })).to.include("_id");
    expect(sent({ find: "other", filter: { _id: "a" } })).to.include("no shard key");
    expect(sent({ find: "billing_accounts", filter: { _id: "a" } })).to.equal(null);
    const update = { name: "update", update: "ledger_heads", updates: [{ q: { seq: 1 } }] };
    expect(strayOf(update, keys)).to.include("without _id");
    spied.sent.length = 0;
    await spied.store.reservations.dueTenants({ now: new Date(), limit: 1 });
    // What was announced before is told of in the background.
    const listed = spied.sent.filter(
      (command) => String(command[command.name]) === COLLECTIONS.reservations,
    );
    expect(listed.map((command) => strayOf(command, keys))).to.not.include(null);
    expect(listed).to.not.deep.equal([]);
  });
});
