import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { SeededRandom } from "../../../sandbox/webhooks/random.ts";
import { openMongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { HttpsWebhookSender } from "../../../src/adapters/webhooks/https_webhook_sender.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import { NOTIFICATION_TYPES } from "../../../src/domain/notifications/notification.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { countInEnvironment } from "../../rig/count_in_environment.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { MOMENTS, type TellingOrders } from "./telling_orders.ts";
import { addTenant, HEARD, live, STEPS } from "./tenant_life.ts";
import { openWebhookReceiver, type WebhookReceiver } from "./webhook_receiver.ts";

const PROGRAM = fileURLToPath(new URL("telling_process.ts", import.meta.url));
const COMPILE_CACHE = fileURLToPath(
  new URL("../../../node_modules/.cache/compiled", import.meta.url),
);
/** Kills on each store; `KILLS=500` for a longer run. */
const TIMES = countInEnvironment("KILLS", { fallback: 5 });
/** A life ends at so many calls of its store at most. */
const MOST_CALLS = 120;
const TENANTS_AT_ONCE = 3;
/** Longer than a claim of a delivery lasts. */
const LIFE_MS = 61_000;
const WITHOUT_SOURCE = "warnings";

type Tenant = TellingOrders["tenants"][number];

/** Runs a process until it is killed; answers what each tenant goes on with. */
async function dyingLife(
  orders: TellingOrders,
  receiver: WebhookReceiver,
): Promise<readonly Tenant[]> {
  const child = spawn(process.execPath, [PROGRAM, orders.store.kind], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const next = new Map(orders.tenants.map(({ tenantId, step }) => [tenantId, step]));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [tenantId = "", step] = line.split(" ");
    next.set(tenantId, Number(step) + 1);
  });
  const ended = once(child, "close");
  if (orders.death === null) {
    receiver.interrupt(() => child.kill("SIGKILL"));
  }
  child.stdin.write(`${JSON.stringify(orders)}\n`);
  const [, signal] = await ended;
  expect(signal).to.equal("SIGKILL");
  return [...next].map(([tenantId, step]) => ({ tenantId, step }));
}

/** Kills processes in which tenants live, and expects an endpoint to hear of every change. */
async function crash(
  times: number,
  where: TellingOrders["store"],
  store: MovableStore,
): Promise<void> {
  const random = new SeededRandom(times);
  const receiver = await openWebhookReceiver();
  const fixture = new BillingFixture(store);
  const webhookSender = new HttpsWebhookSender({ privateAddresses: true });
  const billing = fixture.process({ webhookSender });
  await store.catalog.save({ ...sampleCatalog(), revision: 0 });
  await billing.addWebhookEndpoint.execute({ url: receiver.url, events: NOTIFICATION_TYPES });
  const all: string[] = [];
  let tenants: readonly Tenant[] = [];
  try {
    for (let kill = 0; kill < times; kill += 1) {
      tenants = tenants.filter(({ step }) => step < STEPS.length);
      while (tenants.length < TENANTS_AT_ONCE) {
        const tenantId = `cltold${String(all.length).padStart(5, "0")}`;
        await addTenant(store, tenantId);
        all.push(tenantId);
        tenants = [...tenants, { tenantId, step: 0 }];
      }
      fixture.advance(LIFE_MS);
      const moment = MOMENTS[kill % MOMENTS.length] ?? "before";
      const call = 1 + Math.floor(random.next() * MOST_CALLS);
      // Every fourth dies when the endpoint has what it was sent, and has not answered.
      const death = kill % 4 === 3 ? null : { call, moment };
      tenants = await dyingLife(
        { store: where, now: fixture.now.toISOString(), tenants, death },
        receiver,
      );
    }
    fixture.advance(LIFE_MS);
    await Promise.all(tenants.map((tenant) => live({ fixture, billing }, tenant, () => undefined)));
    let after: string | undefined;
    do {
      const { next, failures } = await billing.tellAllTenants.execute({ after, limit: 100 });
      expect(failures).to.deep.equal([]);
      after = next;
    } while (after !== undefined);
    while ((await billing.deliverNotifications.execute({ limit: 100 })).attempts > 0) {
      // The next of each lane.
    }
    expectEverythingHeard(receiver, all);
    const repeated = receiver.arrivals.length - new Set(receiver.arrivals.map(idOf)).size;
    expect(repeated, "what was sent twice").to.be.within(1, times * 8);
  } finally {
    await receiver.close();
  }
}

function idOf({ notification }: { notification: { id: string } }): string {
  return notification.id;
}

function expectEverythingHeard({ arrivals }: WebhookReceiver, all: readonly string[]): void {
  const bodies = new Map<string, string>();
  const heard = new Map(all.map((tenantId) => [tenantId, new Map<string, string[]>()]));
  for (const { deliveryId, body, notification } of arrivals) {
    const { id, tenantId, type, data } = notification;
    expect(decodeURIComponent(deliveryId).endsWith(`/${id}`), deliveryId).to.equal(true);
    if (bodies.has(id)) {
      expect(body, "an id names one fact").to.equal(bodies.get(id));
      continue;
    }
    bodies.set(id, body);
    const sources = heard.get(tenantId ?? "") ?? expect.fail(`nobody knows ${tenantId}`);
    const source = sourceOf(type);
    const text = "reached" in data ? `${type} ${data.reached}` : type;
    sources.set(source, [...(sources.get(source) ?? []), text]);
  }
  for (const [tenantId, sources] of heard) {
    expect(Object.fromEntries(sources), tenantId).to.deep.equal(HEARD);
  }
}

/** A warning comes with the alerts; how many of them come before it depends on who tells. */
function sourceOf(type: string): string {
  if (type === "quota.warning") {
    return WITHOUT_SOURCE;
  }
  const [kind = ""] = type.split(".");
  const sources: Readonly<Record<string, string>> = {
    subscription: "account",
    payment: "account",
    quota: "emails",
    pack: "tokens",
  };
  return sources[kind] ?? kind;
}

describe("Telling of changes in processes that are killed with SIGKILL, on SQLite", () => {
  it(`P41 loses and invents nothing, in order, ${TIMES} times`, async function () {
    this.timeout(60_000 + TIMES * 15_000);
    const folder = await mkdtemp(join(tmpdir(), "billing-telling-"));
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

await describeOnMongodb("Telling of changes, killed with SIGKILL, on MongoDB", ({ url }) => {
  it(`P41 loses and invents nothing, in order, ${TIMES} times`, async function () {
    this.timeout(60_000 + TIMES * 15_000);
    const store = await openMongoStore({ url, autoIndex: true });
    try {
      await crash(TIMES, { kind: "mongodb", url }, store);
    } finally {
      await store.close();
    }
  });
});
