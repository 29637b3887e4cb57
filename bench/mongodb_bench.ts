/**
 * What the service costs on MongoDB beside the least that anybody could do with MongoDB's own
 * driver, as ratios of CPU time of this process: 1 is as fast as the baseline. What the server takes
 * is not in them, so that a stand-in for MongoDB does; which server it was is told. The payment
 * provider is scripted and costs nothing.
 *
 * `npm run bench:mongodb [rounds] [calls per round]`; `MONGODB_URL` names a server.
 */
import { randomBytes } from "node:crypto";
import { connectMongo } from "../src/adapters/mongodb/connect_mongo.ts";
import { mongoStore } from "../src/adapters/mongodb/open_mongo_store.ts";
import type { Billing } from "../src/application/billing.ts";
import { billingSettings } from "../src/composition/billing_settings.ts";
import { prepareIndexes } from "../test/adapters/mongodb/mongo_test_store.ts";
import { findMongodbServer, withDatabase } from "../test/mongodb_server/find_mongodb_server.ts";
import { BillingFixture } from "../test/rig/billing_fixture.ts";
import { TENANT } from "../test/samples/account.ts";
import { sampleCatalog } from "../test/samples/catalog.ts";
import { type RawMongodb, rawMongodb } from "./baselines/raw_mongodb.ts";
import { countsOf } from "./method/counts_of.ts";
import { LEDGER_KEYS } from "./method/ledger_keys.ts";
import { print, printComparison, writeResults } from "./method/report.ts";
import { type Comparison, compare, cpuOfCalls } from "./method/rounds.ts";

const OUTPUT = "node_modules/.cache/bench/mongodb.json";
/** Never met, so that only counting and spending are measured. */
const PLENTY = 1_000_000_000;
const SETTINGS = billingSettings({
  livemode: false,
  dashboardUrl: "https://app.example.com/billing",
  ledgerKeys: LEDGER_KEYS,
});
const { rounds, calls } = countsOf({ rounds: 15, calls: 200 });

/** One operation of the service beside what the driver alone does for it. */
interface Pair {
  readonly name: string;
  readonly least: string;
  readonly ours: Readonly<Record<string, () => Promise<{ readonly type: string | null }>>>;
  readonly raw: (driver: RawMongodb) => Promise<void>;
  /** What every call of ours has to answer. */
  readonly answer: string;
}

/** The use cases over a database of their own, with a tenant who pays. */
async function openBilling(url: string, kind: Parameters<typeof prepareIndexes>[1]) {
  const database = await connectMongo({ url });
  await prepareIndexes(database, kind);
  const store = mongoStore(database);
  const fixture = new BillingFixture(store);
  const { plans, ...rest } = sampleCatalog();
  const generous = plans.map((plan) => ({
    ...plan,
    monthlyEmailLimit: PLENTY,
    tokensIncludedMonth: PLENTY,
  }));
  await store.catalog.save({ ...rest, plans: generous, revision: 0 });
  await fixture.addSubscriber();
  const billing = fixture.process({ settings: SETTINGS });
  await deliver(billing, "evt_first");
  const close = async () => {
    await database.driver.dropDatabase();
    await store.close();
  };
  return { billing, close };
}

/** Receives an event of the tenant's customer, and handles it to its end. */
async function deliver({ receiveStripeEvent, handleStripeEvent }: Billing, eventId: string) {
  const rawBody = new TextEncoder().encode(eventId);
  const delivery = { rawBody, signature: "genuine", claims: true };
  const received = await receiveStripeEvent.execute(delivery);
  const claim = received.type === "stored" ? received.claim : undefined;
  return await handleStripeEvent.execute({ eventId, ...(claim && { claim }) });
}

function pairsOf(billing: Billing): readonly Pair[] {
  let number = 0;
  const next = (name: string) => {
    number += 1;
    return `${name}_${number}`;
  };
  const send = { tenantId: TENANT, count: 1 };
  return [
    {
      name: "quota",
      least: "one conditional update",
      raw: (driver) => driver.consume(),
      ours: {
        "a send, no key": () => billing.consumeEmailQuota.execute(send),
        "a send, with a key": () =>
          billing.consumeEmailQuota.execute({ ...send, key: next("send") }),
      },
      answer: "counted",
    },
    {
      name: "ledger",
      least: "a raw read and insert",
      raw: (driver) => driver.append(),
      ours: {
        "a debit": () =>
          billing.spendTokens.execute({ tenantId: TENANT, key: next("debit"), tokens: 1 }),
      },
      answer: "recorded",
    },
    {
      name: "event",
      least: "one insert",
      raw: (driver) => driver.store(next("raw"), new TextEncoder().encode("an event")),
      ours: {
        "an event, handled to its end": () => deliver(billing, next("evt")),
      },
      answer: "settled",
    },
    {
      name: "read",
      least: "one look-up",
      raw: (driver) => driver.read(),
      ours: {
        "the subscription": async () => {
          const read = await billing.readSubscription.execute({ tenantId: TENANT });
          return { type: read.planSlug };
        },
      },
      answer: "pro",
    },
  ];
}

async function measure(pair: Pair, drivers: readonly RawMongodb[]): Promise<Comparison> {
  const raw = (driver: RawMongodb | undefined) => () =>
    cpuOfCalls(calls, async () => driver && (await pair.raw(driver)));
  return await compare(
    {
      baseline: { name: pair.least, cost: raw(drivers[0]) },
      control: { name: `${pair.least} again`, cost: raw(drivers[1]) },
      variants: Object.entries(pair.ours).map(([name, call]) => ({
        name,
        cost: () =>
          cpuOfCalls(calls, async () => {
            const { type } = await call();
            if (type !== pair.answer) {
              throw new Error(`Cannot measure: ${name} was ${type}`);
            }
          }),
      })),
    },
    { rounds },
  );
}

const server = await findMongodbServer();
if ("reasons" in server) {
  throw new Error(`Cannot measure: there is no MongoDB server: ${server.reasons.join("; ")}`);
}
const urls = ["ours", "raw", "raw_again"].map((name) =>
  withDatabase(server.url, `billing_bench_test_${name}_${randomBytes(6).toString("hex")}`),
);
const [ours = "", ...raw] = urls;
const { billing, close } = await openBilling(ours, server.kind);
const drivers = await Promise.all(raw.map(rawMongodb));
const results: Record<string, Comparison> = {};
for (const pair of pairsOf(billing)) {
  const comparison = await measure(pair, drivers);
  results[pair.name] = comparison;
  printComparison(`${pair.name} on ${server.kind}`, comparison);
}
await Promise.all(drivers.map((driver) => driver.close()));
await close();
writeResults(OUTPUT, { server: server.kind, results });
print(`Written to ${OUTPUT}`);
