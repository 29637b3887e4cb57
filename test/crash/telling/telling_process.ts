/**
 * A process in which tenants live and are told of, and which kills itself with SIGKILL at the call
 * of its store that it was ordered to die at. It reads its orders as a line of JSON, prints each
 * step that is done, and ends with its input.
 * @module
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { setImmediate as turn } from "node:timers/promises";
import { HttpsWebhookSender } from "../../../src/adapters/webhooks/https_webhook_sender.ts";
import { startNotifications } from "../../../src/adapters/worker/start_notifications.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import type { TellingOrders } from "./telling_orders.ts";
import { live } from "./tenant_life.ts";

type Death = TellingOrders["death"];

function dyingStore(store: BillingStore, death: Death): BillingStore {
  let calls = 0;
  const dying = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== "function") {
          return method;
        }
        return async (...args: unknown[]) => {
          calls += 1;
          const moment = calls === death?.call ? death.moment : null;
          if (moment === "before") {
            await die();
          }
          const answer = method.apply(target, args);
          if (moment === "during") {
            await turn();
            await die();
          }
          await answer;
          if (moment === "after") {
            await die();
          }
          return answer;
        };
      },
    });
  const parts = Object.entries(store).map(([name, part]) => [
    name,
    typeof part === "object" && part !== null ? dying(part) : part,
  ]);
  return { ...store, ...Object.fromEntries(parts) };
}

async function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return await new Promise(() => undefined);
}

async function open(store: TellingOrders["store"]) {
  if (store.kind === "mongodb") {
    const { openMongoStore } = await import("../../../src/adapters/mongodb/open_mongo_store.ts");
    return await openMongoStore({ url: store.url, autoIndex: false });
  }
  const { openSqliteStore } = await import("../../../src/adapters/sqlite/open_sqlite_store.ts");
  return openSqliteStore(store.path);
}

async function begin({ store, now, tenants, death }: TellingOrders): Promise<void> {
  const fixture = new BillingFixture(await open(store));
  fixture.now = new Date(now);
  const billing = fixture.process({
    store: dyingStore(fixture.store, death),
    webhookSender: new HttpsWebhookSender({ privateAddresses: true }),
  });
  startNotifications({
    deliverNotifications: billing.deliverNotifications,
    tellAllTenants: billing.tellAllTenants,
    intervalMs: 5,
    sweepIntervalMs: 5,
    batchSize: 100,
    onDead: ({ id }) => process.stderr.write(`Gave up ${id}\n`),
    onError: (error) => {
      if (!(error instanceof PortError && error.transient)) {
        process.stderr.write(`${String(error)}\n`);
      }
    },
  });
  for (const tenant of tenants) {
    void live({ fixture, billing }, tenant, (step) =>
      process.stdout.write(`${tenant.tenantId} ${step}\n`),
    );
  }
}

if (process.argv[2] === "mongodb") {
  await import("../../../src/adapters/mongodb/open_mongo_store.ts");
} else {
  await import("../../../src/adapters/sqlite/open_sqlite_store.ts");
}
for await (const line of createInterface({ input: process.stdin })) {
  await begin(JSON.parse(line));
}
process.exit();
