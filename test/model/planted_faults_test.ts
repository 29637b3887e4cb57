import { AssertionError, expect } from "chai";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { ATTACKS, isClose } from "./spending/attacks.ts";
import { evolve } from "./spending/evolve.ts";
import { PLANTED_FAULTS } from "./spending/planted_faults.ts";
import { type Template, World } from "./world.ts";

/** Of so many histories one shows the fault. */
const MOST_TRIES = 400;
const SEED = 77;

describe("Faults planted between the rule and what is kept of it are noticed", function () {
  this.timeout(5 * 60_000);
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  for (const { sabotage, noticedBy, bredBy } of PLANTED_FAULTS) {
    it(`by attacks, where it ${sabotage.title}`, async () => {
      const played = ATTACKS.filter(({ name }) =>
        noticedBy.some((start) => name.startsWith(start)),
      );
      expect(played.length).to.be.at.least(noticedBy.length);
      for (const { name, figures, play } of played) {
        const found = await play({ ...template, sabotage }).catch((thrown: unknown) => {
          // What a history expects on its way notices, too.
          expect(thrown, name).to.be.instanceOf(AssertionError);
          return null;
        });
        expect(found !== null && isClose(found, figures), name).to.equal(false);
      }
    });

    if (bredBy !== null) {
      it(`by what tenants do, where it ${sabotage.title}`, async () => {
        const lineage = { seed: SEED, count: MOST_TRIES, honest: bredBy === "honest" };
        const { failure } = await evolve(lineage, { ...template, sabotage });
        expect(failure?.problems ?? []).to.have.lengthOf.at.least(1);
      });
    }
  }
});
