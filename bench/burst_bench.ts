/**
 * A burst of Stripe's events, as after an outage: how soon each is acknowledged, how long users wait
 * meanwhile, what is sent to Stripe for it, and how long until all of it is handled. Waiting times
 * are also given as ratios to the same requests before the burst.
 *
 * `npm run bench:burst [tenants] [events]`
 */
import { setTimeout } from "node:timers/promises";
import { inFolder } from "./method/in_folder.ts";
import { Load, type Shot } from "./method/load.ts";
import { print, writeResults } from "./method/report.ts";
import { HttpWorld } from "./ratios/http_world.ts";

const OUTPUT = "node_modules/.cache/bench/burst.json";
const AT_ONCE = 64;
const READ_EVERY_MS = 10;
const QUIET_READS = 200;
/** Tenants that no event of the burst is about. */
const UNINVOLVED = 20;
const [tenants = 1_000, events = 5_000] = process.argv.slice(2).map(Number);

/** Waiting times of requests, in milliseconds. */
class Waits {
  readonly #waits: number[] = [];

  async time(request: () => Promise<unknown>): Promise<void> {
    const start = performance.now();
    await request();
    this.#waits.push(performance.now() - start);
  }

  at(share: number): number {
    const sorted = this.#waits.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  }

  figures() {
    const round = (ms: number) => Number(ms.toFixed(1));
    const [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1].map((share) => round(this.at(share)));
    return { requests: this.#waits.length, p50, p95, p99, most };
  }
}

await inFolder("burst", async (folder) => {
  const world = await HttpWorld.start(folder, { known: tenants + UNINVOLVED, unknown: 0 });
  const { billing } = world;
  const involved = world.tenants.slice(UNINVOLVED);
  const load = new Load(AT_ONCE);
  const users = new Load(4);
  const read = (shot: Shot) => users.send(billing.url, shot);
  const readsOf = (of: typeof involved) =>
    of.map((tenant) => world.read(tenant, "/billing/subscription"));
  const [strangers, neighbours] = [readsOf(world.tenants.slice(0, UNINVOLVED)), readsOf(involved)];
  const quiet = new Waits();
  for (let number = 0; number < QUIET_READS; number += 1) {
    await quiet.time(() => read(strangers[number % strangers.length] ?? fail()));
  }
  const burst = Array.from(
    { length: events },
    (_, number) => involved[number % involved.length] ?? fail(),
  );
  const [acks, uninvolved, ofInvolved] = [new Waits(), new Waits(), new Waits()];
  let isOver = false;
  const requestsBefore = world.stripeRequests;
  const start = performance.now();
  const watching = (async () => {
    for (let number = 0; !isOver; number += 1) {
      await uninvolved.time(() => read(strangers[number % strangers.length] ?? fail()));
      await ofInvolved.time(() => read(neighbours[number % neighbours.length] ?? fail()));
      await setTimeout(READ_EVERY_MS);
    }
  })();
  let next = 0;
  const lane = async () => {
    for (let tenant = burst[next++]; tenant !== undefined; tenant = burst[next++]) {
      const { shot } = world.event(tenant, "/billing/webhook");
      await acks.time(() => load.send(billing.url, shot));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const acknowledgedMs = performance.now() - start;
  await billing.settle();
  const handledMs = performance.now() - start;
  isOver = true;
  await watching;
  const results = {
    tenants,
    events,
    acknowledgedSeconds: acknowledgedMs / 1_000,
    handledSeconds: handledMs / 1_000,
    stripeRequests: world.stripeRequests - requestsBefore,
    acknowledgements: acks.figures(),
    quietReads: quiet.figures(),
    uninvolvedReads: uninvolved.figures(),
    involvedReads: ofInvolved.figures(),
    uninvolvedRatio: uninvolved.at(0.95) / quiet.at(0.95),
    involvedRatio: ofInvolved.at(0.95) / quiet.at(0.95),
  };
  for (const [name, value] of Object.entries(results)) {
    print(
      `${name}: ${typeof value === "number" ? Number(value.toFixed(2)) : JSON.stringify(value)}`,
    );
  }
  writeResults(OUTPUT, results);
  load.close();
  users.close();
  await world.stop();
});

function fail(): never {
  throw new Error("Cannot measure: there are no tenants");
}
