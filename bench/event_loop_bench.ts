/**
 * How long background work on SQLite keeps everybody else waiting: the longest turn of the event
 * loop while a service with many tenants sweeps their months, handles events that are due, removes
 * old ones and tells of what happened, and how soon it hears that it is to stop.
 *
 * `npm run bench:loop [tenants] [due events] [seconds]`
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../src/adapters/stripe/connect_stripe.ts";
import type { CustomerSnapshot } from "../src/domain/subscription/customer_snapshot.ts";
import { createBilling } from "../src/mod.ts";
import { copyTenant } from "./method/copy_tenant.ts";
import { countsOf } from "./method/counts_of.ts";
import { inFolder } from "./method/in_folder.ts";
import { LEDGER_KEYS } from "./method/ledger_keys.ts";
import { reachDisk } from "./method/reach_disk.ts";
import { print, writeResults } from "./method/report.ts";
import { WEBHOOK_SECRET } from "./method/signed_event.ts";
import { HttpWorld } from "./ratios/http_world.ts";

const OUTPUT = "node_modules/.cache/bench/event_loop.json";
const LONGEST_MS = 50;
const TICK_MS = 1;
/** How many of the longest turns are told. */
const WORST = 8;
const DAY_MS = 86_400_000;

/** What the measured process tells. */
interface Turns {
  /** Longest time between two turns, and the most CPU time that one took, in milliseconds. */
  readonly longestMs: number;
  readonly longestCpuMs: number;
  readonly turns: number;
  /** The turns that took the most CPU time, in milliseconds, and when after the start. */
  readonly worst: readonly { readonly cpuMs: number; readonly atMs: number }[];
  readonly signalHeardAt: number;
}

/** Does all background work over a database until it is told to stop. */
async function work(path: string): Promise<void> {
  const empty: CustomerSnapshot = {
    deleted: false,
    balance: 0,
    subscriptions: [],
    invoices: [],
    pendingLines: [],
  };
  const stripe = connectStripe({ secretKey: "sk_test_bench", webhookSecrets: [WEBHOOK_SECRET] });
  const billing = createBilling({
    store: openSqliteStore(path),
    payments: { ...stripe, snapshots: { read: async () => empty } },
    clock: () => new Date(),
    settings: {
      livemode: false,
      dashboardUrl: "https://app.example.com/",
      ledgerKeys: LEDGER_KEYS,
      reconcileIntervalMinutes: 0,
    },
  });
  const errors = new Set<string>();
  const ignore = () => undefined;
  const error = (fields: { err?: unknown }) => errors.add(String(fields.err));
  const turns = { longestMs: 0, longestCpuMs: 0, turns: 0, signalHeardAt: 0 };
  let worst: { cpuMs: number; atMs: number }[] = [];
  let [at, cpu] = [performance.now(), process.threadCpuUsage()];
  const tick = () => {
    const [now, used] = [performance.now(), process.threadCpuUsage()];
    const cpuMs = (used.user + used.system - cpu.user - cpu.system) / 1_000;
    turns.turns += 1;
    turns.longestMs = Math.max(turns.longestMs, now - at);
    turns.longestCpuMs = Math.max(turns.longestCpuMs, cpuMs);
    worst = [...worst, { cpuMs, atMs: now - began }]
      .toSorted((one, other) => other.cpuMs - one.cpuMs)
      .slice(0, WORST);
    [at, cpu] = [now, used];
  };
  process.once("SIGTERM", () => {
    turns.signalHeardAt = Date.now();
  });
  [at, cpu] = [performance.now(), process.threadCpuUsage()];
  const began = at;
  const ticking = setInterval(tick, TICK_MS);
  billing.startWorkers({ logger: { info: ignore, warn: ignore, error } });
  await once(process, "SIGTERM");
  clearInterval(ticking);
  await billing.close();
  process.send?.({ ...turns, worst, errors: [...errors] });
  process.disconnect();
}

/** Adds events that are due, and as many that are old enough to be removed. */
function addEvents(path: string, count: number): void {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA synchronous = OFF; BEGIN");
  const insert = database.prepare(`INSERT INTO events (id, state, attempts, received_at, due_at,
      type, created_at, livemode, connected_account, customer_id, payload)
    VALUES (?, ?, 0, ?, ?, 'customer.subscription.updated', ?, 0, NULL, ?, '{}')`);
  const [lately, longAgo] = [Date.now() - 3_600_000, Date.now() - 400 * DAY_MS];
  for (let number = 0; number < count; number += 1) {
    const customer = `cus_${1 + number}`;
    insert.run(`evt_due_${number}`, "received", lately, lately, lately, customer);
    insert.run(`evt_old_${number}`, "done", longAgo, null, longAgo, customer);
  }
  database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  reachDisk(path);
}

function left(path: string, states: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const sql = `SELECT count(*) AS count FROM events WHERE state IN (${states})`;
  const count = Number(database.prepare(sql).get()?.count);
  database.close();
  return count;
}

async function measure(tenants: number, events: number, seconds: number): Promise<void> {
  await inFolder("event_loop", async (folder) => {
    const world = await HttpWorld.start(folder, { known: 1, unknown: 0 });
    await world.stop();
    const path = join(folder, "many.db");
    copyTenant(join(folder, "billing.db"), { path, tenants });
    addEvents(path, events);
    print(`${tenants} tenants and ${events} due events are stored`);
    const child = fork(import.meta.filename, ["work", path]);
    await new Promise((resolve) => setTimeout(resolve, 1_000 * seconds));
    const toldAt = Date.now();
    child.kill("SIGTERM");
    const [turns] = (await once(child, "message")) as [Turns & { errors: readonly string[] }];
    const result = {
      tenants,
      events,
      seconds,
      ...turns,
      heardAfterMs: turns.signalHeardAt - toldAt,
      eventsLeft: left(path, "'received', 'processing', 'failed'"),
      failedEvents: left(path, "'failed', 'dead'"),
    };
    print(`the longest turn took ${turns.longestMs.toFixed(0)} ms, of which at most
${turns.longestCpuMs.toFixed(0)} ms of CPU time in any one; SIGTERM was heard after
${result.heardAfterMs} ms; ${result.eventsLeft} events are left`);
    for (const { cpuMs, atMs } of turns.worst) {
      print(`  ${cpuMs.toFixed(1)} ms of CPU time, ${(atMs / 1_000).toFixed(1)} s after the start`);
    }
    for (const error of turns.errors) {
      print(`failed: ${error}`);
    }
    writeResults(OUTPUT, result);
    process.exitCode = turns.longestCpuMs <= LONGEST_MS ? 0 : 1;
  });
}

const [task, path = ""] = process.argv.slice(2);
if (task === "work") {
  await work(path);
} else {
  const counts = countsOf({ tenants: 200_000, dueEvents: 10_000, seconds: 60 });
  await measure(counts.tenants, counts.dueEvents, counts.seconds);
}
