/**
 * What a burst of webhooks costs, and what users notice of it: how soon Stripe is answered, how many
 * requests to Stripe the events take, and how long a read of the subscription takes meanwhile, for a
 * tenant of the burst and for another one, against the same reads before it.
 *
 * `npm run bench:burst [tenants] [events per tenant] [deliveries at once]`
 */
import { countsOf } from "./method/counts_of.ts";
import { inFolder } from "./method/in_folder.ts";
import { Load, type Shot } from "./method/load.ts";
import { print, writeResults } from "./method/report.ts";
import { HttpWorld } from "./ratios/http_world.ts";

const OUTPUT = "node_modules/.cache/bench/burst.json";
const PATH = "/billing/subscription";
const READ_EVERY_MS = 20;
const QUIET_READS = 200;
/** Aims: requests to Stripe per tenant of 5 events, and milliseconds. */
const AIM = { callsPerTenant: 2.6, ackP99: 250, uninvolvedP95: 50, involvedP95: 250 };

const { tenants, perTenant, atOnce } = countsOf({ tenants: 1_000, perTenant: 5, atOnce: 64 });

async function timed(load: Load, url: string, shot: Shot): Promise<number> {
  const before = performance.now();
  await load.send(url, shot);
  return performance.now() - before;
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Reads again and again until it is told to stop; answers how long each took. */
async function keepReading(url: string, shot: Shot, isOver: () => boolean): Promise<number[]> {
  const load = new Load(1);
  const times: number[] = [];
  while (!isOver()) {
    times.push(await timed(load, url, shot));
    await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
  }
  load.close();
  return times;
}

await inFolder("burst", async (folder) => {
  const world = await HttpWorld.start(folder, {
    known: tenants + 1,
    unknown: 0,
    eventRequestsPerSecond: 50,
  });
  const [other, ...burst] = world.tenants;
  const [involved] = burst;
  if (other === undefined || involved === undefined) {
    throw new Error("Cannot measure: there are no tenants");
  }
  const { url } = world.billing;
  const reads = { uninvolved: world.read(other, PATH), involved: world.read(involved, PATH) };
  const quiet: number[] = [];
  const alone = new Load(1);
  for (let read = 0; read < QUIET_READS; read += 1) {
    quiet.push(await timed(alone, url, reads.uninvolved));
  }
  alone.close();

  let isOver = false;
  const reading = Promise.all(
    Object.values(reads).map((shot) => keepReading(url, shot, () => isOver)),
  );
  const shots = Array.from({ length: perTenant }, () =>
    burst.map((tenant) => world.event(tenant, "/billing/webhook").shot),
  ).flat();
  const load = new Load(atOnce);
  const acks: number[] = [];
  const callsBefore = await world.billing.stripeCalls();
  const begun = performance.now();
  let next = 0;
  const lane = async () => {
    for (let shot = shots[next++]; shot !== undefined; shot = shots[next++]) {
      acks.push(await timed(load, url, shot));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const acknowledgedMs = performance.now() - begun;
  await world.billing.settle();
  const handledMs = performance.now() - begun;
  isOver = true;
  const [uninvolved = [], ofInvolved = []] = await reading;
  const calls = (await world.billing.stripeCalls()) - callsBefore;
  load.close();
  await world.stop();

  const result = {
    events: shots.length,
    tenants,
    stripeCalls: calls,
    acknowledgedMs,
    handledMs,
    ackP50: quantile(acks, 0.5),
    ackP99: quantile(acks, 0.99),
    quietP95: quantile(quiet, 0.95),
    uninvolvedP95: quantile(uninvolved, 0.95),
    involvedP95: quantile(ofInvolved, 0.95),
    uninvolvedOfQuiet: quantile(uninvolved, 0.95) / quantile(quiet, 0.95),
    involvedOfQuiet: quantile(ofInvolved, 0.95) / quantile(quiet, 0.95),
  };
  for (const [name, value] of Object.entries(result)) {
    print(`${name.padEnd(20)} ${value.toFixed(value < 100 ? 1 : 0)}`);
  }
  writeResults(OUTPUT, result);
  const isMet =
    calls <= AIM.callsPerTenant * tenants &&
    result.ackP99 < AIM.ackP99 &&
    result.uninvolvedP95 < AIM.uninvolvedP95 &&
    result.involvedP95 < AIM.involvedP95;
  process.exitCode = isMet ? 0 : 1;
});
