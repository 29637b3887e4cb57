import { expect } from "chai";
import type { WireInvoice } from "../../sandbox/state/wire.ts";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { MAX_CLOCK_SKEW_MS } from "../../src/application/installation/clock_state.ts";
import { withoutChance } from "./chance.ts";
import { GOOD_WEATHER } from "./disturbance.ts";
import { live } from "./live.ts";
import { Tally } from "./tally.ts";
import { TENANTS, type Template, tolerant, World } from "./world.ts";

const HISTORIES = 60;
const MONTHS = 3;
const STEPS = 20;
const SEED = 7_300;
const OFTEN = 5;
const [tenantId] = TENANTS;
const SETTINGS = { enabled: true, belowTokens: 30_000, packSlug: "starter", maxPerMonth: 2 };
const CARD = "4242424242424242";
/** So long before and after a month's edge is lived through. */
const NEAR_MS = 90_000;

/** When a purchase happened, by everybody who writes it down. */
interface Purchase {
  readonly crossing: string;
  readonly times: readonly Date[];
}

async function purchases({ provider, store }: World): Promise<readonly Purchase[]> {
  const entries = await store.ledger.list(tenantId, { limit: 10_000 });
  const paid = [...provider.state.invoices.values()].filter(
    ({ metadata, status }) => metadata?.kind === "token_top_up" && status === "paid",
  );
  return paid.map((invoice) => {
    const [crossing = "", begun = ""] = String(invoice.metadata?.topUp).split("@");
    const entry = entries.find(({ source }) => source === `invoice:${invoice.id}`);
    const times = [new Date(begun), ...timesAtProvider(invoice), ...(entry ? [entry.at] : [])];
    return { crossing, times };
  });
}

function timesAtProvider({ created, status_transitions: { paid_at: paidAt } }: WireInvoice) {
  return [created, paidAt ?? created].map((seconds) => new Date(seconds * 1_000));
}

function monthOf(time: Date): string {
  return time.toISOString().slice(0, 7);
}

/** The months in which a purchase was, by some clock and some reading. */
function monthsOf({ times }: Purchase, aroundMs: number): ReadonlySet<string> {
  return new Set(
    times.flatMap((time) => [-aroundMs, aroundMs].map((offMs) => monthOf(new Date(+time + offMs)))),
  );
}

/** Time passes while others work. */
async function passTime({ provider, random, disturbance }: World): Promise<void> {
  for (let times = Math.floor(random.next() * 6); times > 0; times -= 1) {
    await disturbance.wait();
    provider.advanceTo(provider.nowMs() + Math.floor(random.next() ** 3 * 8_000));
  }
}

async function step(world: World): Promise<void> {
  const { random } = world;
  const at = random.next() < 0.5 ? 0 : 1;
  const chance = random.next();
  const key = () => `spend-${Math.floor(random.next() * 1e12)}`;
  const spend = (process: number) =>
    tolerant(() => {
      const tokens = 1 + Math.floor(random.next() * 9_000);
      return world.process(process).spendTokens.execute({ tenantId, key: key(), tokens });
    });
  const look = (process: number) =>
    tolerant(() => world.process(process).beginTopUp.execute({ tenantId }));
  const work = (process: number) =>
    tolerant(() => world.process(process).continueTopUps.execute({ limit: 10 }));
  if (chance < 0.35) {
    await Promise.all([spend(at), spend(1 - at), look(at), look(1 - at), passTime(world)]);
  } else if (chance < 0.9) {
    await Promise.all([work(at), work(1 - at), spend(at), passTime(world)]);
  } else if (chance < 0.95) {
    world.setClock(at, Math.floor((random.next() * 2 - 1) * MAX_CLOCK_SKEW_MS));
  } else {
    const going = work(at);
    await world.disturbance.wait();
    world.crash(at);
    await going;
  }
}

/** Lets the last and first minutes of a month go by. */
async function crossEdge(world: World): Promise<void> {
  const { provider } = world;
  const now = new Date(provider.nowMs());
  const edge = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
  provider.advanceTo(edge - NEAR_MS * world.random.next());
  for (let index = 0; index < STEPS && provider.nowMs() < edge + NEAR_MS; index += 1) {
    await step(world);
  }
}

/** Every purchase ends, and what was left out at the edge is made up for. */
async function complete(world: World): Promise<void> {
  world.disturbance.rates = GOOD_WEATHER;
  world.disturbance.release();
  await world.quiet();
  for (let round = 0; round < 30; round += 1) {
    world.provider.advanceTo(world.provider.nowMs() + 120_000);
    const last = { tenantId, key: `last-${round}`, tokens: 1 };
    await tolerant(() => world.process(0).spendTokens.execute(last));
    const begun = await world.process(0).beginTopUp.execute({ tenantId });
    const { continued, failures } = await world.process(0).continueTopUps.execute({ limit: 10 });
    expect(failures).to.deep.equal([]);
    if (!begun && continued === 0 && (await world.store.topUps.find(tenantId))?.open === null) {
      return;
    }
  }
  expect.fail("a purchase stays open");
}

async function check(world: World, tally: Tally): Promise<void> {
  const bought = await purchases(world);
  const crossings = bought.map(({ crossing }) => crossing);
  expect(crossings, "a purchase per crossing").to.have.length(new Set(crossings).size);
  const readings = [0, 1, 2, 3].map((reading) =>
    bought.flatMap(({ times }) => times.slice(reading, reading + 1).map(monthOf)),
  );
  const touched = bought.flatMap((one) => [...monthsOf(one, 0)]);
  for (const months of [...readings, touched]) {
    for (const month of new Set(months)) {
      const count = months.filter((one) => one === month).length;
      expect(count, `bought in ${month}`).to.be.at.most(SETTINGS.maxPerMonth);
      tally.count("ceiling reached", count === SETTINGS.maxPerMonth ? 1 : 0);
    }
  }
  tally.count("over the edge", bought.filter((one) => monthsOf(one, 0).size > 1).length);
  const last = await world.store.ledger.last(tenantId);
  const isLow = (last?.monthly ?? 0) + (last?.packs ?? 0) < SETTINGS.belowTokens;
  const now = monthOf(world.now);
  const counted = bought.filter((one) => monthsOf(one, NEAR_MS).has(now)).length;
  const { stopped } = await world.process(0).readAutoTopUp.execute({ tenantId });
  expect(stopped).to.equal(null);
  expect(!isLow || counted >= SETTINGS.maxPerMonth, "no crossing is lost").to.equal(true);
}

async function play(template: Template, seed: number, tally: Tally): Promise<void> {
  const world = await World.begin(template, seed);
  await live(world, { do: "buy", who: 0, plan: "pro", interval: "month", card: CARD });
  await world.process(0).synchronizeTenant.execute({ tenantId });
  await world.process(0).changeAutoTopUp.execute({ tenantId, ...SETTINGS });
  const tokens = 15_000;
  await world.process(0).spendTokens.execute({ tenantId, key: "before", tokens });
  world.disturbance.rates = { stripe: 0.1, store: 0.03, stall: 0 };
  for (const process of [0, 1]) {
    world.setClock(process, Math.floor((world.random.next() * 2 - 1) * MAX_CLOCK_SKEW_MS));
  }
  for (let month = 0; month < MONTHS; month += 1) {
    await crossEdge(world);
  }
  await complete(world);
  await check(world, tally);
  await world.store.close();
}

describe("Automatic top-ups at a month's end, by clocks that differ", () => {
  it(`P29 stay within the ceiling of every month by every reading, in ${HISTORIES} histories`, async function () {
    this.timeout(10 * 60_000);
    const template = await World.prepare(await readCatalogFile("plans.json"));
    const tally = new Tally();
    for (let seed = SEED; seed < SEED + HISTORIES; seed += 1) {
      await withoutChance(seed, () => play(template, seed, tally));
    }
    for (const what of ["over the edge", "ceiling reached"]) {
      expect(tally.of(what), what).to.be.at.least(OFTEN);
    }
  });
});
