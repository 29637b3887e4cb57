import { expect } from "chai";
import fc from "fast-check";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { OPERATIONS, type Operation, type OperatorEvent } from "./spending/operator_events.ts";
import { playOperators } from "./spending/play_operators.ts";
import { Tally } from "./tally.ts";
import { type Template, World } from "./world.ts";

const HISTORIES = 150;
const SEED = 2_027;
/** How often each operation is done at least. */
const OFTEN = 10;

const EVENT: fc.Arbitrary<OperatorEvent> = fc.record({
  afterHours: fc.oneof(fc.constantFrom(1, 24 * 31), fc.integer({ min: 1, max: 24 * 40 })),
  does: fc.constantFrom<Operation[]>(...OPERATIONS),
  plan: fc.constantFrom("starter", "pro", "business"),
  interval: fc.constantFrom("month", "year"),
  card: fc.constantFrom("good", "declines"),
  uses: fc.constantFrom(0, 30, 100),
  looks: fc.array(
    fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: -5_000, max: 5_000 })),
    { maxLength: 4 },
  ),
});

describe("What operators do, however often anybody looks", () => {
  const tally = new Tally();
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  it(`P09 P15 P25 ends as one look does, by clocks that differ, in ${HISTORIES} histories`, async function () {
    this.timeout(10 * 60_000);
    const property = fc.asyncProperty(
      fc.array(EVENT, { minLength: 2, maxLength: 7 }),
      async (events) => {
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
