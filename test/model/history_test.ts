import { expect } from "chai";
import fc from "fast-check";
import { readCatalogFile } from "../../src/catalog_file.ts";
import { checkHistory } from "./check_history.ts";
import { type History, histories } from "./history.ts";
import { SABOTAGES } from "./sabotage.ts";
import { type Template, World } from "./world.ts";

const HISTORIES = 2_000;
/** The same histories at every run, so that a failure is about a change; `npm run soak` tries others. */
const SEED = 2_026;
/** Each sabotage is tried in weather that shows it; a few hundred histories are enough. */
const MOST_TRIES = 4_000;

describe("Any order, any number, any crash", () => {
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  it(`P04 P09 P10 P15 P23 ${HISTORIES} histories end as the provider's books say`, async function () {
    this.timeout(15 * 60_000);
    const property = fc.asyncProperty(histories, (history) => checkHistory(history, template));
    await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
  });

  for (const [name, sabotage] of Object.entries(SABOTAGES)) {
    it(`notices a service ${name}`, async function () {
      this.timeout(5 * 60_000);
      const check = (history: History) => checkHistory(history, { ...template, sabotage });
      const property = fc.asyncProperty(histories, check);
      const found = await fc.check(property, {
        numRuns: MOST_TRIES,
        seed: SEED,
        endOnFailure: true,
      });
      expect(found.failed, "no history shows it").to.equal(true);
    });
  }
});
