import { expect } from "chai";
import fc from "fast-check";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { checkHistory } from "./check_history.ts";
import { type History, histories } from "./history.ts";
import { runHistory } from "./run_history.ts";
import { SABOTAGES } from "./sabotage.ts";
import { Tally } from "./tally.ts";
import { type Template, World } from "./world.ts";

const HISTORIES = 1_000;
/** The same histories at every run, so that a failure is about a change; `npm run soak` tries others. */
const SEED = 2_026;
/** Each sabotage is tried in weather, and with a seed, that shows it after few histories. */
const MOST_TRIES = 4_000;
/** How often each thing happens at least: often enough to meet the others in every order. */
const OFTEN = 20;

const HAPPENINGS = [
  "checkout paid",
  "renewal",
  "upgrade",
  "downgrade",
  "change of interval",
  "resume",
  "cancel at_period_end",
  "cancel portal",
  "cancel now",
  "subscription_schedule.created",
  "customer.subscription.deleted",
  "payment failed",
  "failed payment recovered",
  "pack bought",
  "refund of a part",
  "refund of all",
  "refund.failed",
  "customer.deleted",
  "dispute",
  "dispute won",
  "dispute lost",
  "inquiry",
  "dispute warning_closed",
  "event delivered again",
  "event delivered before an older one",
  "event delivered a day late",
  "event delivered beside others",
  "process stood still",
  "work cut off by a crash",
  "clock stepped back",
  "request to Stripe lost",
  "Stripe's answer lost",
  "Stripe answered 429",
  "Stripe answered 500",
  "the store failed before it was done",
  "the store failed after it was done",
];

describe("Any order, any number, any crash", () => {
  const tally = new Tally();
  let lived = 0;
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  it(`P04 P09 P10 P15 P23 P29 ${HISTORIES} histories end as the provider's books say`, async function () {
    this.timeout(15 * 60_000);
    const property = fc.asyncProperty(histories, async (history) => {
      tally.add(await checkHistory(history, template));
      lived += 1;
    });
    await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
    expect(lived).to.equal(HISTORIES);
  });
  it("everything that can happen happened often enough to meet the rest in every order", () => {
    const seldom = HAPPENINGS.filter((what) => tally.of(what) < OFTEN);
    expect(seldom, String(tally)).to.deep.equal([]);
  });

  it("a history turns out the same every time, so that a seed is enough to show it again", async function () {
    this.timeout(5 * 60_000);
    for (const history of fc.sample(histories, { numRuns: 50, seed: SEED })) {
      const [once, again] = [
        await runHistory(history, template),
        await runHistory(history, template),
      ];
      expect(again.calls).to.deep.equal(once.calls);
      expect(String(again.tally)).to.equal(String(once.tally));
    }
  });

  for (const [promise, sabotage] of Object.entries(SABOTAGES)) {
    it(`notices a service that ${sabotage.title} (${promise})`, async function () {
      this.timeout(15 * 60_000);
      const check = async (history: History) => {
        await checkHistory(history, { ...template, sabotage });
      };
      const property = fc.asyncProperty(histories, check);
      const found = await fc.check(property, {
        numRuns: MOST_TRIES,
        seed: sabotage.seed ?? SEED,
        endOnFailure: true,
      });
      expect(found.failed, "no history shows it").to.equal(true);
    });
  }
});
