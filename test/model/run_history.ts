import { withoutChance } from "./chance.ts";
import { GOOD_WEATHER } from "./disturbance.ts";
import { type Ending, endingOf } from "./ending.ts";
import { freshLook } from "./fresh_look.ts";
import { type History, MOST_SKEW_MS } from "./history.ts";
import { live, work } from "./live.ts";
import { countLife, type Tally } from "./tally.ts";
import { TENANTS, type Template, World } from "./world.ts";

const MINUTE_MS = 60_000;
const MOST_ROUNDS = 500;
const USUAL_WEATHER = { stripe: 0.1, store: 0.03, stall: 0.02 };

/** How a history ended, and what happened in it. */
export interface Course {
  readonly endings: readonly Ending[];
  readonly tally: Tally;
  /** What was asked of Stripe and the store, in order. */
  readonly calls: readonly string[];
}

/** Lives a history through to its end, when everything is delivered and nothing fails any more. */
export function runHistory(history: History, template: Template): Promise<Course> {
  return withoutChance(history.seed, () => run(history, template));
}

async function run({ seed, steps }: History, template: Template): Promise<Course> {
  const world = await World.begin(template, seed);
  try {
    for (const [index, step] of steps.entries()) {
      await live(world, step);
      // The first purchase always comes about; nothing else is certain.
      if (index === 0) {
        world.disturbance.rates = template.sabotage?.weather ?? USUAL_WEATHER;
        template.onWeather?.(true);
      }
    }
    template.onWeather?.(false);
    await settle(world, seed);
    const { catalog } = template;
    const looks = { payments: world.payments(), catalog, now: world.now };
    const sources = {
      books: world.provider.state,
      store: world.store,
      fresh: (tenant: Parameters<typeof freshLook>[0]) => freshLook(tenant, looks),
    };
    const endings: Ending[] = [];
    for (const tenantId of TENANTS) {
      await world.process(0).readSubscription.execute({ tenantId });
      endings.push(await endingOf(tenantId, { ...sources, catalog }));
    }
    countLife(world.provider.state, world.tally);
    // What still goes on in the background, such as telling of the last change, is another's time.
    return { endings, tally: world.tally, calls: [...world.disturbance.calls] };
  } finally {
    await world.store.close();
  }
}

/**
 * Good weather until all mail is delivered and no event waits. What stands still goes on at the
 * very end: it may be late, but it must not undo anything.
 */
async function settle(world: World, seed: number): Promise<void> {
  world.disturbance.rates = GOOD_WEATHER;
  for (const event of [...world.mail]) {
    await world.disturbance.untilStalled(world.beside(world.deliver(event, seed)));
  }
  world.disturbance.release();
  await world.quiet();
  // What a clock that was ahead decided holds until the others have come as far.
  for (const index of [0, 1]) {
    world.setClock(index, 0);
  }
  world.provider.advanceTo(world.provider.nowMs() + 2 * MOST_SKEW_MS);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    for (const event of [...world.mail]) {
      await world.deliver(event, round);
    }
    const { received, failed, processing } = await world.store.inbox.count();
    if (received + failed + processing + world.mail.length === 0) {
      return;
    }
    world.provider.advanceTo(world.provider.nowMs() + MINUTE_MS);
    await work(world, round);
  }
  throw new Error("Cannot settle: events still wait after hours of good weather");
}
