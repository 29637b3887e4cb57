import { expect } from "chai";
import fc from "fast-check";
import { readCatalogFile } from "../../../src/adapters/catalog_file/catalog_file.ts";
import { countInEnvironment } from "../../rig/count_in_environment.ts";
import { withoutChance } from "../chance.ts";
import { GOOD_WEATHER } from "../disturbance.ts";
import { type History, histories } from "../history.ts";
import { live } from "../live.ts";
import { type Template, tolerant, World } from "../world.ts";

/** How many histories; `LISTED_HISTORIES` asks for more. */
const HISTORIES = countInEnvironment("LISTED_HISTORIES", { fallback: 50 });
const SEED = 17;
/** What only happens to the service: without them, no webhook arrives. */
const AROUND = ["deliver", "again", "work", "weather", "crash", "clock", "read"];
const HOUR = { do: "wait", hours: 1 } as const;

describe("P37 Comparisons with the provider's lists, after any history", () => {
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  async function reconcile(world: World, { thorough = false } = {}) {
    const outcome = await world.process(0).reconcile.execute({ thorough, dryRun: thorough });
    return outcome.type === "reconciled" ? outcome : expect.fail(outcome.type);
  }

  /** Lives one half with what may happen to the service, the other without any webhook. */
  async function liveThrough(world: World, { steps }: History): Promise<void> {
    const half = Math.ceil(steps.length / 2);
    for (const [place, step] of steps.entries()) {
      if (place < half || !AROUND.includes(step.do)) {
        await live(world, step);
      }
      if (place === half) {
        await becalm(world);
        await tolerant(() => reconcile(world));
        await live(world, HOUR);
        await tolerant(() => reconcile(world));
      }
    }
    await becalm(world);
    await live(world, HOUR);
  }

  async function becalm(world: World): Promise<void> {
    world.disturbance.rates = GOOD_WEATHER;
    world.disturbance.release();
    world.setClock(0, 0);
    world.setClock(1, 0);
    await world.quiet();
  }

  it("leave nothing that a look at every tenant would change, and spare looks", async function () {
    this.timeout(180_000);
    const seen = { tenants: 0, spared: 0, drifted: 0 };
    await fc.assert(
      fc.asyncProperty(histories, (history) =>
        withoutChance(history.seed, async () => {
          const world = await World.begin(template, history.seed);
          await liveThrough(world, history);
          const run = await reconcile(world);
          seen.tenants += run.tenants;
          seen.spared += run.tenants - run.looked;
          seen.drifted += run.drifted;
          const thorough = await reconcile(world, { thorough: true });
          await world.store.close();
          expect(thorough.drift).to.deep.equal({});
          expect(thorough).to.deep.include({ failed: 0, complete: true });
        }),
      ),
      { numRuns: HISTORIES, seed: SEED },
    );
    expect(seen.drifted, "drift was there to be found").to.be.at.least(HISTORIES / 4);
    expect(seen.spared, "looks were spared").to.be.at.least(HISTORIES / 10);
  });
});
