/**
 * What a comparison of many tenants with Stripe costs: requests, time, CPU time and peak memory of
 * the service, first for a few whom nobody has looked at, then for all when one in a hundred has
 * changed and nobody was told, then when nothing has. The sandbox plays Stripe in a process of its
 * own, as fast as it can; the arithmetic is for a rate.
 *
 * `npm run bench:reconcile [tenants] [requests per second]`
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { readCatalogFile } from "../src/adapters/catalog_file/catalog_file.ts";
import { openSqliteStore } from "../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../src/adapters/stripe/connect_stripe.ts";
import type { BillingPayments } from "../src/application/ports/billing_payments.ts";
import type { ReconciliationSummary } from "../src/application/reconciliation/reconcile.ts";
import { createBilling, type EmbeddedBilling } from "../src/mod.ts";
import { countsOf } from "./method/counts_of.ts";
import { inFolder } from "./method/in_folder.ts";
import { progress } from "./method/progress.ts";
import { print, writeResults } from "./method/report.ts";
import { seedAccounts } from "./method/seed_accounts.ts";
import type { StripeOrder, StripeState } from "./servers/stripe_with_tenants.ts";

const OUTPUT = "node_modules/.cache/bench/reconcile.json";
const STRIPE = new URL("servers/stripe_with_tenants.ts", import.meta.url);
const ONE_IN = 100;
/** A look at the sandbox takes the longer, the more customers it has. */
const LOOKED_AT = 1_000;
const FIRST = "clbench0";
/** How many tenants one order makes, so that progress can be told. */
const TENANTS_PER_ORDER = 1_000;

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

function paymentsAt({ url }: Place): BillingPayments {
  return connectStripe({
    secretKey: "sk_test_bench",
    webhookSecrets: ["whsec_bench"],
    baseUrl: url,
    reconcileRequestsPerSecond: 100_000,
  });
}

function billingAt(place: Place): EmbeddedBilling {
  return createBilling({
    store: openSqliteStore(place.path),
    payments: paymentsAt(place),
    clock: () => new Date(place.nowMs),
    settings: { livemode: false, dashboardUrl: "https://app.example.com/", ledgerKeys: [] },
  });
}

/** Compares all tenants, in a process that does nothing else. */
async function run(place: Place): Promise<void> {
  const billing = billingAt(place);
  await billing.listAttention.execute({ limit: 1 });
  const idleMebibytes = process.memoryUsage.rss() / 2 ** 20;
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let compared = 0;
  const telling = progress("tenants compared");
  const outcome = await billing.reconcile.execute({
    onListed: progress("objects read from lists"),
    onTenant: () => {
      compared += 1;
      telling(compared);
    },
  });
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
    const child = fork(STRIPE, { execArgv: [...process.execArgv, "--max-old-space-size=6144"] });
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

/**
 * Has every tenant looked at: one by a look, the others as if. Their invoices must be older than a
 * look by then, or the next run looks at all of them.
 */
async function seed(place: Place): Promise<void> {
  const billing = billingAt(place);
  await billing.reconcile.execute({ tenantId: FIRST });
  await billing.close();
  const store = openSqliteStore(place.path);
  const [template, catalog] = [await store.accounts.find(FIRST), await store.catalog.read()];
  await store.close();
  if (template === undefined || catalog === undefined) {
    throw new Error("Cannot measure: the first tenant was not found");
  }
  const { records } = paymentsAt(place).background(new AbortController().signal);
  await seedAccounts(place.path, { records, catalog, template });
}

async function measured(path: string, stripe: StripeProcess) {
  await stripe.tell({ order: "wait", hours: 1 });
  const { url, nowMs, requests } = stripe.state;
  const child = fork(import.meta.filename, ["run", JSON.stringify({ path, url, nowMs })]);
  const figures = await answerOf<Run>(child);
  await stripe.tell({ order: "wait", hours: 0 });
  return { ...figures, requests: stripe.state.requests - requests };
}

/** A sandbox whose tenants pay for a plan, and a store that knows the plans only. */
async function begin(path: string, tenants: number): Promise<StripeProcess> {
  const stripe = await StripeProcess.start();
  const billing = billingAt({ path, ...stripe.state });
  await billing.syncCatalog.execute(await readCatalogFile("plans.json"));
  await billing.close();
  const store = openSqliteStore(path);
  const catalog = await store.catalog.read();
  await store.close();
  const pro = catalog?.plans.find(({ slug }) => slug === "pro");
  const priceId = pro?.prices.find(({ interval }) => interval === "month")?.priceId ?? "";
  const made = progress("tenants pay for a plan");
  for (let first = 0; first < tenants; first += TENANTS_PER_ORDER) {
    const many = Math.min(TENANTS_PER_ORDER, tenants - first);
    await stripe.tell({ order: "subscribe", priceId, first, tenants: many });
    made(first + many);
  }
  return stripe;
}

async function measure(tenants: number, perSecond: number): Promise<void> {
  await inFolder("reconcile", async (folder) => {
    const [few, all] = [join(folder, "few.db"), join(folder, "all.db")];
    const runs: Record<string, Awaited<ReturnType<typeof measured>>> = {};
    const measure = async (name: string, path: string, stripe: StripeProcess) => {
      const result = await measured(path, stripe);
      runs[name] = result;
      show(name, result, perSecond);
      return result;
    };
    const small = await begin(few, LOOKED_AT);
    await measure("the first run", few, small);
    small.stop();
    const stripe = await begin(all, tenants);
    await stripe.tell({ order: "wait", hours: 1 });
    await seed({ path: all, ...stripe.state });
    print(`${tenants} tenants pay for a plan and were looked at`);
    await measure("what the looks left", all, stripe);
    await stripe.tell({ order: "drift", oneIn: ONE_IN });
    const { drifted: found } = await measure("one in a hundred changed", all, stripe);
    const { drifted: left } = await measure("nothing changed", all, stripe);
    if (found !== stripe.state.drifted || left !== 0) {
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

const [task, place = ""] = process.argv.slice(2);
if (task === "run") {
  await run(JSON.parse(place) as Place);
} else {
  const counts = countsOf({ tenants: 100_000, perSecond: 10 });
  await measure(counts.tenants, counts.perSecond);
}
