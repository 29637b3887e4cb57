/**
 * What walks over all tenants take: a sweep that finds nothing due, one in which everybody's month
 * begins, and `ledger verify`; each in a process that does nothing else, for a tenth of the tenants
 * and for all. CPU time of a tenant, and memory: what is alive on the heap must not grow with their
 * number; what is resident also holds garbage that nobody had to collect yet.
 *
 * `npm run bench:walks [tenants]`
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openSqliteStore } from "../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../src/adapters/stripe/connect_stripe.ts";
import { createBilling, type EmbeddedBilling } from "../src/mod.ts";
import { countsOf } from "./method/counts_of.ts";
import { inFolder } from "./method/in_folder.ts";
import { LEDGER_KEYS } from "./method/ledger_keys.ts";
import { progress } from "./method/progress.ts";
import { reachDisk } from "./method/reach_disk.ts";
import { print, writeResults } from "./method/report.ts";
import { saveFreePlan } from "./method/save_free_plan.ts";

const OUTPUT = "node_modules/.cache/bench/walks.json";
const [EMAILS, TOKENS] = [1_000, 1_000];
/** How many tenants a sweep asks for at once, as the service does. */
const PER_STEP = 100;
const AT_ONCE = 250;
/** More than a month, so that everybody's next one has begun. */
const LATER_MS = 40 * 86_400_000;
/** As the image starts the service. */
const NODE_OPTIONS = ["--max-semi-space-size=4", "--expose-gc"];
const TENANTS_PER_COLLECTION = 5_000;
/** The more live memory that ten times the tenants may take. */
const MOST_GROWTH = 1.1;

const WALKS = {
  "a sweep that finds nothing due": { laterMs: 0, walk: sweep },
  "a sweep in which every month begins": { laterMs: LATER_MS, walk: sweep },
  "ledger verify": { laterMs: LATER_MS, walk: verify },
} as const;

/** What a walk took the process that did it. */
interface Taken {
  readonly tenants: number;
  readonly seconds: number;
  readonly cpuMicros: number;
  /** What is alive on the heap, at most. */
  readonly liveMebibytes: number;
  readonly idleMebibytes: number;
  readonly peakMebibytes: number;
}

/** Is told how many more tenants were walked over. */
type Walked = (tenants: number) => void;

function billingAt(path: string, laterMs: number): EmbeddedBilling {
  return createBilling({
    store: openSqliteStore(path),
    payments: connectStripe({ secretKey: "sk_test_bench", webhookSecrets: ["whsec_bench"] }),
    clock: () => new Date(Date.now() + laterMs),
    settings: {
      livemode: false,
      dashboardUrl: "https://app.example.com/",
      ledgerKeys: LEDGER_KEYS,
    },
    workersElsewhere: true,
  });
}

async function sweep({ sweepMonthlyTokens }: EmbeddedBilling, walked: Walked): Promise<void> {
  let after: string | undefined;
  do {
    const { next, failures } = await sweepMonthlyTokens.execute({ after, limit: PER_STEP });
    if (failures.length > 0) {
      throw new Error(`Cannot measure: a sweep failed: ${failures[0]}`);
    }
    walked(PER_STEP);
    after = next;
  } while (after !== undefined);
}

async function verify({ verifyLedgers }: EmbeddedBilling, walked: Walked): Promise<void> {
  const { damaged } = await verifyLedgers.execute({ onProgress: () => walked(1) });
  if (damaged.length > 0) {
    throw new Error(`Cannot measure: ${damaged.length} ledgers are damaged`);
  }
}

/** The most that is alive after a collection, which costs nothing that is measured. */
class LiveHeap {
  mostMebibytes = 0;
  ownMicros = 0;
  #tenants = 0;

  walked(tenants: number): void {
    this.#tenants += tenants;
    if (this.#tenants >= TENANTS_PER_COLLECTION) {
      this.#tenants = 0;
      const cpu = process.cpuUsage();
      this.collect();
      const { user, system } = process.cpuUsage(cpu);
      this.ownMicros += user + system;
    }
  }

  collect(): void {
    globalThis.gc?.();
    this.mostMebibytes = Math.max(this.mostMebibytes, process.memoryUsage().heapUsed / 2 ** 20);
  }
}

/** Does a walk, in a process of its own, and tells what it took. */
async function walk(name: keyof typeof WALKS, path: string): Promise<void> {
  const { laterMs, walk } = WALKS[name];
  const billing = billingAt(path, laterMs);
  await billing.listAttention.execute({ limit: 1 });
  const idleMebibytes = process.memoryUsage.rss() / 2 ** 20;
  const heap = new LiveHeap();
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await walk(billing, (tenants) => heap.walked(tenants));
  const { user, system } = process.cpuUsage(cpu);
  heap.collect();
  process.send?.({
    seconds: (performance.now() - began) / 1_000,
    cpuMicros: user + system - heap.ownMicros,
    liveMebibytes: heap.mostMebibytes,
    idleMebibytes,
    peakMebibytes: process.resourceUsage().maxRSS / 2 ** 10,
  });
  await billing.close();
  process.disconnect();
}

/** Stores tenants on a free plan whose first month of tokens has been granted. */
async function fill(path: string, tenants: number): Promise<void> {
  await saveFreePlan(path, EMAILS, TOKENS);
  const billing = billingAt(path, 0);
  const stored = progress("tenants stored");
  for (let first = 0; first < tenants; first += AT_ONCE) {
    const many = Math.min(AT_ONCE, tenants - first);
    const ids = Array.from({ length: many }, (_, place) => `clbench${first + place}`);
    await Promise.all(ids.map((tenantId) => billing.grantMonthlyTokens.execute({ tenantId })));
    stored(first + many);
  }
  await billing.close();
  reachDisk(path);
}

async function measured(name: string, path: string, tenants: number): Promise<Taken> {
  const child = fork(import.meta.filename, [name, path], { execArgv: NODE_OPTIONS });
  const said = new Promise<Omit<Taken, "tenants">>((resolve) => child.once("message", resolve));
  const [code] = await once(child, "exit");
  if (code !== 0) {
    throw new Error(`Cannot measure ${name}: it ended with ${code}`);
  }
  const taken = { ...(await said), tenants };
  print(`${name}, ${tenants} tenants: ${(taken.cpuMicros / tenants).toFixed(0)} us of CPU each
  ${taken.seconds.toFixed(1)} s; at most ${taken.liveMebibytes.toFixed(1)} MiB alive and \
${taken.peakMebibytes.toFixed(0)} MiB resident, ${taken.idleMebibytes.toFixed(0)} MiB before`);
  return taken;
}

async function measure(tenants: number): Promise<void> {
  await inFolder("walks", async (folder) => {
    const results: Record<string, readonly Taken[]> = {};
    for (const size of [Math.ceil(tenants / 10), tenants]) {
      const path = join(folder, `${size}.db`);
      await fill(path, size);
      for (const name of Object.keys(WALKS)) {
        results[name] = [...(results[name] ?? []), await measured(name, path, size)];
      }
    }
    writeResults(OUTPUT, { results });
    print(`Written to ${OUTPUT}`);
    for (const [name, [few, many]] of Object.entries(results)) {
      const growth = (many?.liveMebibytes ?? 0) / (few?.liveMebibytes ?? 1);
      if (growth > MOST_GROWTH) {
        print(`The memory of ${name} grew by ${growth.toFixed(2)} with ten times the tenants`);
        process.exitCode = 1;
      }
    }
  });
}

const [task = "", path] = process.argv.slice(2);
if (path !== undefined && Object.hasOwn(WALKS, task)) {
  await walk(task as keyof typeof WALKS, path);
} else {
  await measure(countsOf({ tenants: 100_000 }).tenants);
}
