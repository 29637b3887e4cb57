/**
 * The service as a program that can be killed: it reads its orders line by line, as JSON. The first
 * one says how to start; later ones move its clock, and say after how many more calls of its store
 * it prints "reached". It loads everything before, so that a start after a crash takes no time. It
 * ends with its input, hence with the process that started it, however that ends.
 * @module
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { serve } from "../../src/adapters/http/server/serve.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import { startEventWorker } from "../../src/adapters/worker/start_event_worker.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import { createLogger } from "../../src/kit/logger.ts";
import { createBilling } from "../../src/mod.ts";
import { testApp } from "../rig/test_app.ts";
import { LEDGER_KEYS, type Orders } from "./crash_orders.ts";

let offsetMs = 0;
let callsLeft = Number.POSITIVE_INFINITY;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The store, which says when as many calls have begun as were ordered. */
function counted(store: BillingStore): BillingStore {
  const parts = Object.entries(store).map(([name, part]) => [name, countedPart(part)]);
  return { ...store, ...Object.fromEntries(parts) };
}

function countedPart(part: unknown): unknown {
  if (typeof part !== "object" || part === null) {
    return part;
  }
  return new Proxy(part, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") {
        return member;
      }
      return (...args: unknown[]) => {
        callsLeft -= 1;
        if (callsLeft === 0) {
          say("reached");
        }
        return Reflect.apply(member, target, args);
      };
    },
  });
}

async function open(store: Orders["store"]): Promise<BillingStore> {
  if (store.kind === "mongodb") {
    const { openMongoStore } = await import("../../src/adapters/mongodb/open_mongo_store.ts");
    return await openMongoStore({ url: store.url, autoIndex: false });
  }
  const { openSqliteStore } = await import("../../src/adapters/sqlite/open_sqlite_store.ts");
  return openSqliteStore(store.path);
}

/** As whoever starts a service does: again, until there is a database. */
async function openInTheEnd(store: Orders["store"]): Promise<BillingStore> {
  for (;;) {
    try {
      return await open(store);
    } catch (error) {
      if (!(error instanceof PortError && error.transient)) {
        throw error;
      }
    }
  }
}

async function start(orders: Orders): Promise<void> {
  const { store, stripeUrl, webhookSecret, port } = orders;
  say("starting");
  const logger = createLogger({ level: "silent" });
  const billing = createBilling({
    store: counted(await openInTheEnd(store)),
    payments: connectStripe({
      secretKey: "sk_test_crash",
      webhookSecrets: [webhookSecret],
      baseUrl: stripeUrl,
    }),
    clock: () => new Date(Date.now() + offsetMs),
    workersElsewhere: true,
    settings: {
      livemode: false,
      dashboardUrl: "https://app.example.com/",
      ledgerKeys: LEDGER_KEYS,
      // Every life that ends in the middle of an event counts as an attempt at it.
      eventMaxAttempts: 1_000,
      eventRetryBaseMs: 20,
      eventRetryMaxMs: 100,
      eventLeaseSeconds: 0.4,
      eventFirstAttemptSeconds: 0.15,
    },
  });
  startEventWorker({
    handleDueEvents: billing.handleDueEvents,
    intervalMs: 20,
    batchSize: 50,
    onHandled: () => undefined,
    onError: (error) => {
      if (!(error instanceof PortError && error.transient)) {
        process.stderr.write(`${String(error)}\n`);
      }
    },
  });
  await serve(testApp({ billing, logger }), { port, host: "127.0.0.1", logger });
  say("listening");
}

if (process.argv[2] === "mongodb") {
  await import("../../src/adapters/mongodb/open_mongo_store.ts");
} else {
  await import("../../src/adapters/sqlite/open_sqlite_store.ts");
}
say("loaded");
let started = false;
for await (const line of createInterface({ input: process.stdin })) {
  const orders: Orders = JSON.parse(line);
  offsetMs = orders.offsetMs;
  if (started) {
    callsLeft = orders.calls;
  } else {
    started = true;
    await start(orders);
  }
}
process.exit();
