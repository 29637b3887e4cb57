import { expect } from "chai";
import fc from "fast-check";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import type { Card, Interval, Plan } from "./spending/moves.ts";
import { OPERATIONS, type Operation, type OperatorEvent } from "./spending/operator_events.ts";
import { playOperators } from "./spending/play_operators.ts";
import { Tally } from "./tally.ts";
import { type Template, World } from "./world.ts";

const HISTORIES = 150;
const SEED = 2_027;
/** How often each operation is done at least. */
const OFTEN = 10;

const HOURS = fc.oneof(fc.constantFrom(1, 24 * 31), fc.integer({ min: 1, max: 24 * 40 }));
const SOON = fc.constantFrom(1, 24);
/** A renewal has been declined by then, and is not given up. */
const AFTER_RENEWAL = fc.constantFrom(24 * 33, 24 * 36);

function event(
  does: readonly Operation[],
  { afterHours = HOURS, cards = ["good", "declines"] }: Rest = {},
): fc.Arbitrary<OperatorEvent> {
  return fc.record({ ...FIELDS, afterHours, does: pick(does), card: pick(cards) });
}

interface Rest {
  readonly afterHours?: fc.Arbitrary<number>;
  readonly cards?: readonly Card[];
}

const FIELDS = {
  plan: fc.constantFrom<Plan[]>("starter", "pro", "business"),
  interval: fc.constantFrom<Interval[]>("month", "year"),
  uses: fc.constantFrom(0, 30, 100),
  looks: fc.array(
    fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: -5_000, max: 5_000 })),
    { maxLength: 4 },
  ),
};

function pick<T>(from: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...from);
}

/** What rarely follows each other by chance. */
const SEQUELS: fc.Arbitrary<OperatorEvent[]> = fc.oneof(
  fc.tuple(
    event(["card"], { cards: ["declines"] }),
    event(["void", "forgive", "pay"], { afterHours: AFTER_RENEWAL }),
  ),
  fc.tuple(event(["end"]), event(["make"], { afterHours: SOON })),
);

const EPISODES = fc.oneof(
  { weight: 3, arbitrary: event(OPERATIONS).map((one) => [one]) },
  { weight: 1, arbitrary: SEQUELS },
);

describe("What operators do, however often anybody looks", () => {
  const tally = new Tally();
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  it(`P09 P15 P25 ends as one look does, by clocks that differ, in ${HISTORIES} histories`, async function () {
    this.timeout(10 * 60_000);
    const property = fc.asyncProperty(
      fc.array(EPISODES, { minLength: 2, maxLength: 6 }),
      async (episodes) => {
        const events = episodes.flat();
        const [once, often] = [
          await playOperators(events, template, { seen: false, tally: new Tally() }),
          await playOperators(events, template, { seen: true, tally }),
        ];
        expect(often).to.deep.equal(once);
      },
    );
    await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
  });

  it("everything that operators do happened often enough", () => {
    const seldom = OPERATIONS.filter((what) => tally.of(what) < OFTEN);
    expect(seldom, String(tally)).to.deep.equal([]);
  });
});
