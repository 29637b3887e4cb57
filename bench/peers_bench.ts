/**
 * The service beside what the ecosystem has for the same purposes, on the same disk and with the
 * same payloads, as ratios of CPU time: above 1 the service is ahead. The peers promise less: the
 * limiters know no plans, and the plugin keeps no inbox and believes what an event contains.
 *
 * `npm run bench:peers` installs them below `bench/peers` first.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { countsOf } from "./method/counts_of.ts";
import { inFolder } from "./method/in_folder.ts";
import { Load, type Shot } from "./method/load.ts";
import { printComparison, writeResults } from "./method/report.ts";
import { type Comparison, compare, cpuOfCalls } from "./method/rounds.ts";
import { saveFreePlan } from "./method/save_free_plan.ts";
import { type BenchTenant, EMAIL_LIMIT, HttpWorld } from "./ratios/http_world.ts";
import { embeddedQuota } from "./ratios/quota.ts";

const OUTPUT = "node_modules/.cache/bench/peers.json";
const PEERS = new URL("./peers/", import.meta.url);
const ROUNDS = 9;
const TENANTS = 100;
const EVENTS = 150;
const TENANT = "clbench0001";

/** What limits a number of calls per key. */
interface Limiter {
  consume(key: string): Promise<unknown>;
  close(): void;
}

countsOf({});
if (!existsSync(new URL("node_modules", PEERS))) {
  const options = { cwd: PEERS.pathname, stdio: "inherit" } as const;
  execFileSync("npm", ["install", "--ignore-scripts"], options);
}
const results = {
  limiter: [await sqliteLimiter(), await memoryLimiter()],
  webhook: await stripePlugin(),
};
for (const [name, comparisons] of Object.entries(results)) {
  for (const comparison of comparisons) {
    printComparison(name, comparison);
  }
}
writeResults(OUTPUT, { results });

function sqliteLimiter(): Promise<Comparison> {
  return inFolder("peers", async (folder) => {
    const { sqliteLimiter: limiter } = await import("./peers/rate_limiters.js");
    const peers: Limiter[] = [
      await limiter(join(folder, "one.db"), EMAIL_LIMIT),
      await limiter(join(folder, "other.db"), EMAIL_LIMIT),
    ];
    return await compareLimiters(folder, { peers, name: "on SQLite", leases: false, calls: 1_000 });
  });
}

function memoryLimiter(): Promise<Comparison> {
  return inFolder("peers", async (folder) => {
    const { memoryLimiter: limiter } = await import("./peers/rate_limiters.js");
    const peers: Limiter[] = [limiter(EMAIL_LIMIT), limiter(EMAIL_LIMIT)];
    const calls = 100_000;
    return await compareLimiters(folder, { peers, name: "in memory", leases: true, calls });
  });
}

async function compareLimiters(
  folder: string,
  {
    peers: [one, other],
    name,
    leases,
    calls,
  }: { peers: readonly Limiter[]; name: string; leases: boolean; calls: number },
): Promise<Comparison> {
  const path = join(folder, "billing.db");
  await saveFreePlan(path, EMAIL_LIMIT);
  const billing = embeddedQuota(path, leases);
  const comparison = await compare(
    {
      baseline: {
        name: `rate-limiter-flexible ${name}`,
        cost: () => cpuOfCalls(calls, () => one?.consume(TENANT)),
      },
      control: { name: "again", cost: () => cpuOfCalls(calls, () => other?.consume(TENANT)) },
      variants: [
        {
          name: leases ? "quota with leases, at once" : "the same, at once where it can",
          cost: () =>
            cpuOfCalls(calls, () => {
              const send = { tenantId: TENANT, count: 1 };
              const { consumeEmailQuota } = billing;
              return consumeEmailQuota.tryConsume(send) ?? consumeEmailQuota.execute(send);
            }),
        },
        {
          name: leases ? "quota with leases, awaited" : "quota embedded, no key",
          aim: 1,
          cost: () =>
            cpuOfCalls(calls, () =>
              billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1 }),
            ),
        },
      ],
    },
    { rounds: ROUNDS },
  );
  one?.close();
  other?.close();
  await billing.close();
  return comparison;
}

function stripePlugin(): Promise<readonly Comparison[]> {
  return inFolder("peers", async (folder) => {
    const world = await HttpWorld.start(folder, { known: TENANTS, unknown: 0 });
    const start = (name: string) =>
      world.startPeer(new URL("better_auth_server.js", PEERS), join(folder, name));
    const [plugin, again] = [await start("one"), await start("other")];
    const load = new Load(8);
    const path = "/api/auth/stripe/webhook";
    const ours = "/billing/webhook";
    const shots = (make: (tenant: BenchTenant) => Shot) => () =>
      Array.from({ length: EVENTS }, (_, at) => world.tenants[at % TENANTS])
        .filter((tenant) => tenant !== undefined)
        .map(make);
    const fresh = (to: string) => shots((tenant) => world.updated(tenant, to).shot);
    const known = new Map(
      world.tenants.map((tenant) => [tenant, world.updated(tenant, ours)] as const),
    );
    await load.fire(
      world.billing.url,
      [...known.values()].map(({ shot }) => shot),
    );
    await world.billing.settle();
    const repeated = (to: string) =>
      shots((tenant) => known.get(tenant)?.again(to) ?? world.updated(tenant, to).shot);
    const measured = async (name: string, make: (to: string) => () => readonly Shot[]) =>
      await compare(
        {
          baseline: {
            name: "better-auth's Stripe plugin",
            cost: () => load.costOf(plugin, make(path)()),
          },
          control: { name: "again", cost: () => load.costOf(again, make(path)()) },
          variants: [{ name, aim: 1, cost: () => load.costOf(world.billing, make(ours)(), true) }],
        },
        { rounds: ROUNDS },
      );
    const comparisons = [
      await measured("webhook, new event", fresh),
      await measured("webhook, duplicate", repeated),
    ];
    load.close();
    await Promise.all([plugin.stop(), again.stop(), world.stop()]);
    return comparisons;
  });
}
