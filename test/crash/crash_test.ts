import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/mod.ts";
import { SeededRandom } from "../../sandbox/webhooks/random.ts";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { openMongoStore } from "../../src/adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import type { BillingPayments } from "../../src/application/ports/billing_payments.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { createBilling, type EmbeddedBilling } from "../../src/mod.ts";
import { endingOf } from "../model/ending.ts";
import { freshLook } from "../model/fresh_look.ts";
import { describeOnMongodb } from "../mongodb_server/describe_on_mongodb.ts";
import { MongoProxy, soleHost, throughSet } from "../mongodb_server/mongo_proxy.ts";
import { ROUGH, wireWeather } from "../mongodb_server/wire_weather.ts";
import { countInEnvironment } from "../rig/count_in_environment.ts";
import { LEDGER_KEYS, type Orders } from "./crash_orders.ts";
import { Killable } from "./killable.ts";
import { Storm } from "./storm.ts";

const WEBHOOK_SECRET = "whsec_of_the_crash_tests";
/** A life ends after so many calls of its store at most, however long they take. */
const MOST_CALLS = 60;
/** How far the clock of each process is off at most; in the middle of its life it steps. */
const MOST_SKEW_MS = 5_000;
/** Kills on each store; `KILLS=1000` for a longer run. */
const TIMES = countInEnvironment("KILLS", { fallback: 50 });
/** Where a crash comes early: the process is still opening its store. */
const EARLY = 0.1;

/** Crashes a service so often while things happen, and expects the end to be right. */
async function crash(times: number, where: Orders["store"], store: BillingStore): Promise<void> {
  const random = new SeededRandom(times);
  const port = await freePort();
  const sandbox = await startSandbox({
    port: 0,
    retryDelaysMs: Array.from({ length: 100_000 }, () => 30),
    webhookEndpoints: [{ url: `http://127.0.0.1:${port}/billing/webhook`, secret: WEBHOOK_SECRET }],
  });
  const billing = observer(sandbox, store);
  await billing.syncCatalog.execute(await readCatalogFile("plans.json"));
  const catalog = await store.catalog.read();
  if (catalog === undefined) {
    throw new TypeError("Cannot crash the service: there are no plans");
  }
  const storm = new Storm(sandbox, catalog, random);
  const orders = (): Orders => ({
    store: where,
    stripeUrl: sandbox.url,
    webhookSecret: WEBHOOK_SECRET,
    port,
    offsetMs: storm.offsetMs + Math.round((2 * random.next() - 1) * MOST_SKEW_MS),
    calls: 1 + Math.floor(random.next() * MOST_CALLS),
  });
  let standby = new Killable(where.kind);
  let kills = 0;
  let caught = 0;
  try {
    for (let count = 0; count < times; count += 1) {
      const running = standby;
      standby = new Killable(where.kind);
      try {
        if (random.next() < EARLY) {
          await running.beginToStart(orders());
        } else {
          await running.start(orders());
          await storm.gust();
          await running.work(orders());
        }
      } finally {
        await running.kill();
      }
      kills += 1;
      const { received, processing, failed } = await store.inbox.count();
      caught += received + processing + failed > 0 ? 1 : 0;
    }
    expect(kills).to.equal(times);
    expect(caught, "kills that left events unfinished").to.be.greaterThan(times / 10);
    // What a clock that was ahead decided holds until the others have come as far.
    await storm.calm();
    await standby.start({ ...orders(), offsetMs: storm.offsetMs });
    await drained(sandbox, store);
    await expectNothingLost(storm, store);
    const looks = { payments: paymentsOf(sandbox), catalog };
    const sources = {
      books: await storm.books(),
      store,
      catalog,
      ledgerKeys: LEDGER_KEYS,
      fresh: (tenant: Parameters<typeof freshLook>[0]) =>
        freshLook(tenant, { ...looks, now: sandbox.now() }),
    };
    expect(storm.tenants.length).to.be.greaterThan(3);
    let packs = 0;
    for (const tenantId of storm.tenants) {
      await billing.readSubscription.execute({ tenantId });
      const { actual, expected, problems } = await endingOf(tenantId, sources);
      expect(actual, tenantId).to.deep.equal(expected);
      expect(problems, tenantId).to.deep.equal([]);
      packs += actual.packs;
    }
    expect(packs, "tokens of packs").to.be.greaterThan(0);
    const { damaged } = await billing.verifyLedgers.execute({});
    expect(damaged, "what a crash leaves is no damage").to.deep.equal([]);
  } finally {
    await standby.kill();
    await sandbox.close();
  }
}

/** Every event that was answered with 2xx is stored, and none of them waits or was given up. */
async function expectNothingLost(storm: Storm, store: BillingStore): Promise<void> {
  const states = new Set<string | undefined>();
  const delivered = await storm.delivered();
  for (const eventId of delivered) {
    states.add((await store.inbox.find(eventId))?.state);
  }
  expect(delivered.length).to.be.greaterThan(30);
  expect([...states]).to.have.members(["done", "ignored"]);
}

async function drained(sandbox: Sandbox, store: BillingStore): Promise<void> {
  await sandbox.settled();
  for (;;) {
    const { received, processing, failed } = await store.inbox.count();
    if (received + processing + failed === 0) {
      return;
    }
    await delay(20);
  }
}

/** The use cases in this process, over the same store and provider. */
function observer(sandbox: Sandbox, store: BillingStore): EmbeddedBilling {
  return createBilling({
    store,
    payments: paymentsOf(sandbox),
    clock: () => sandbox.now(),
    settings: {
      livemode: false,
      dashboardUrl: "https://app.example.com/",
      ledgerKeys: LEDGER_KEYS,
    },
  });
}

function paymentsOf({ url: baseUrl }: Sandbox): BillingPayments {
  return connectStripe({
    secretKey: "sk_test_crash",
    webhookSecrets: [WEBHOOK_SECRET],
    baseUrl,
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("A service that is killed with SIGKILL in a storm of events, on SQLite", () => {
  it(`P03 P04 P10 P29 loses nothing and doubles nothing, ${TIMES} times`, async function () {
    this.timeout(TIMES * 30_000);
    const folder = await mkdtemp(join(tmpdir(), "billing-crash-"));
    const path = join(folder, "billing.db");
    const store = openSqliteStore(path);
    try {
      await crash(TIMES, { kind: "sqlite", path }, store);
    } finally {
      await store.close();
      await rm(folder, { recursive: true });
    }
  });
});

await describeOnMongodb("A service that is killed with SIGKILL, on MongoDB", ({ url, server }) => {
  const target = soleHost(url);
  if (target === undefined) {
    it("DID NOT RUN: bad weather is played for servers with one host and without TLS only", () => {
      expect(server).to.equal("MONGODB_URL");
    });
    return;
  }
  it(`P03 P04 P10 P29 loses nothing and doubles nothing, ${TIMES} times, in bad weather`, async function () {
    this.timeout(TIMES * 30_000);
    const store = await openMongoStore({ url, autoIndex: true });
    const proxy = new MongoProxy(target, { playsSet: true });
    const proxied = throughSet(url, await proxy.open(), "minHeartbeatFrequencyMS=5");
    const weather = wireWeather(TIMES, ROUGH);
    proxy.become(weather.decide);
    try {
      await crash(TIMES, { kind: "mongodb", url: proxied }, store);
      expect(weather.seldom(TIMES / 10)).to.deep.equal([]);
      expect(proxy.overtakings).to.be.greaterThan(TIMES);
    } finally {
      await store.close();
      proxy.close();
    }
  });
});
