/**
 * What a comparison of many tenants with Stripe costs: requests, time, CPU time and peak memory of
 * the service, first for tenants that nobody has looked at, then when one in a hundred has changed
 * and nobody was told, then when nothing has. The sandbox plays Stripe in a process of its own, as
 * fast as it can; the arithmetic is for a rate.
 *
 * `npm run bench:reconcile [tenants] [requests per second]`
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { readCatalogFile } from "../src/adapters/catalog_file/catalog_file.ts";
import { openSqliteStore } from "../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../src/adapters/stripe/connect_stripe.ts";
import type { ReconciliationSummary } from "../src/application/reconciliation/reconcile.ts";
import { createBilling, type EmbeddedBilling } from "../src/mod.ts";
import { inFolder } from "./method/in_folder.ts";
import { print, writeResults } from "./method/report.ts";
import type { StripeOrder, StripeState } from "./servers/stripe_with_tenants.ts";

const OUTPUT = "node_modules/.cache/bench/reconcile.json";
const STRIPE = new URL("servers/stripe_with_tenants.ts", import.meta.url);
const ONE_IN = 100;

/** What a run cost the process that did it. */
interface Run extends ReconciliationSummary {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly idleMebibytes: number;
  readonly peakMebibytes: number;
}

/** Where a run finds its store and Stripe. */
interface Place {
  readonly path: string;
  readonly url: string;
  readonly nowMs: number;
}

function billingAt({ path, url, nowMs }: Place): EmbeddedBilling {
  return createBilling({
    store: openSqliteStore(path),
    payments: connectStripe({
      secretKey: "sk_test_bench",
      webhookSecrets: ["whsec_bench"],
      baseUrl: url,
      reconcileRequestsPerSecond: 100_000,
    }),
    clock: () => new Date(nowMs),
    settings: { livemode: false, dashboardUrl: "https://app.example.com/", ledgerKeys: [] },
  });
}

/** Compares all tenants, in a process that does nothing else. */
async function run(place: Place): Promise<void> {
  const billing = billingAt(place);
  await billing.listAttention.execute({ limit: 1 });
  const idleMebibytes = process.memoryUsage.rss() / 2 ** 20;
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const outcome = await billing.reconcile.execute({});
  const { user, system } = process.cpuUsage(cpu);
  if (outcome.type !== "reconciled" || !outcome.complete || outcome.failed > 0) {
    throw new Error(`Cannot measure: the run did not succeed: ${JSON.stringify(outcome)}`);
  }
  await billing.close();
  const { type: _, ...summary } = outcome;
  process.send?.({
    ...summary,
    seconds: (performance.now() - began) / 1_000,
    cpuSeconds: (user + system) / 1e6,
    idleMebibytes,
    peakMebibytes: process.resourceUsage().maxRSS / 2 ** 10,
  } satisfies Run);
  process.disconnect();
}

/** The process that plays Stripe. */
class StripeProcess {
  state: StripeState;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, state: StripeState) {
    this.#child = child;
    this.state = state;
  }

  static async start(): Promise<StripeProcess> {
    const child = fork(STRIPE, { execArgv: ["--max-old-space-size=6144"] });
    return new StripeProcess(child, await answerOf<StripeState>(child));
  }

  async tell(order: StripeOrder): Promise<void> {
    this.#child.send(order);
    this.state = await answerOf<StripeState>(this.#child);
  }

  stop(): void {
    this.#child.disconnect();
  }
}

/** The next message of a process; fails if it ends instead. */
async function answerOf<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    return await Promise.race([
      once(child, "message", { signal }).then(([message]) => message as T),
      once(child, "exit", { signal }).then(([code]): never => {
        throw new Error(`Cannot measure: a process ended with ${code}`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}

async function measured(path: string, stripe: StripeProcess) {
  await stripe.tell({ order: "wait", hours: 1 });
  const { url, nowMs, requests } = stripe.state;
  const child = fork(import.meta.filename, ["run", JSON.stringify({ path, url, nowMs })]);
  const figures = await answerOf<Run>(child);
  await stripe.tell({ order: "wait", hours: 0 });
  return { ...figures, requests: stripe.state.requests - requests };
}

async function measure(tenants: number, perSecond: number): Promise<void> {
  await inFolder("reconcile", async (folder) => {
    const path = join(folder, "billing.db");
    const stripe = await StripeProcess.start();
    const billing = billingAt({ path, ...stripe.state });
    const plans = await readCatalogFile("plans.json");
    await billing.syncCatalog.execute(plans);
    await billing.close();
    const store = openSqliteStore(path);
    const catalog = await store.catalog.read();
    await store.close();
    const pro = catalog?.plans.find(({ slug }) => slug === "pro");
    const priceId = pro?.prices.find(({ interval }) => interval === "month")?.priceId ?? "";
    await stripe.tell({ order: "subscribe", priceId, tenants });
    print(`${tenants} tenants pay for a plan`);
    const runs: Record<string, Awaited<ReturnType<typeof measured>>> = {};
    runs["the first run"] = await measured(path, stripe);
    show("the first run", runs["the first run"], perSecond);
    await stripe.tell({ order: "drift", oneIn: ONE_IN });
    runs["one in a hundred changed"] = await measured(path, stripe);
    show("one in a hundred changed", runs["one in a hundred changed"], perSecond);
    runs["nothing changed"] = await measured(path, stripe);
    show("nothing changed", runs["nothing changed"], perSecond);
    const found = runs["one in a hundred changed"].drifted;
    if (found !== stripe.state.drifted || runs["nothing changed"].drifted !== 0) {
      throw new Error(`Cannot measure: of ${stripe.state.drifted} changes, ${found} were found`);
    }
    stripe.stop();
    writeResults(OUTPUT, { tenants, runs });
  });
}

function show(name: string, one: Run & { requests: number }, perSecond: number): void {
  const minutes = one.requests / perSecond / 60;
  print(
    `${name}: ${one.tenants} compared, ${one.looked} by a look, ${one.drifted} differed
  ${one.requests} requests, which take ${minutes.toFixed(1)} minutes at ${perSecond} a second
  ${one.seconds.toFixed(1)} s here, ${one.cpuSeconds.toFixed(1)} s of CPU
  at most ${one.peakMebibytes.toFixed(0)} MiB resident, ${one.idleMebibytes.toFixed(0)} MiB before`,
  );
}

const [first = "100000", second = "10"] = process.argv.slice(2);
if (first === "run") {
  await run(JSON.parse(second) as Place);
} else {
  await measure(Number(first), Number(second));
}
