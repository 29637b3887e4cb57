import { expect } from "chai";
import type { Bred, Lineage } from "./spending/evolve.ts";
import { playLineages } from "./spending/play_lineages.ts";
import { Tally } from "./tally.ts";

/** How many histories are played with every run; `npm run soak -- --tenants` plays more. */
const GREEDY_HISTORIES = 2_400;
const HONEST_HISTORIES = 600;
const PER_LINEAGE = 60;
/** The same lineages at every run, so that a failure is about a change. */
const SEED = 14_000;
/** How often each thing happens at least. */
const OFTEN = 20;

const HAPPENINGS = [
  "checkout",
  "change",
  "change put off",
  "link kept",
  "cancel",
  "resume",
  "keep_plan",
  "paid",
  "card good",
  "card declines",
  "card challenge",
  "card always_challenge",
  "card debit",
  "card failing_debit",
  "time unseen",
  "made anew",
  "bred",
  "subscription_create:paid",
  "subscription_cycle:draft",
  "subscription_cycle:open",
  "subscription_cycle:paid",
  "subscription_cycle:uncollectible",
  "subscription_update:open",
  "subscription_update:paid",
  "change_owed",
  "renewal_in_grace",
  "renewal_overdue",
  "in_good_standing",
  "not_subscribed",
];

function lineages(count: number, honest: boolean, seed: number): Lineage[] {
  return Array.from({ length: count / PER_LINEAGE }, (_, index) => ({
    honest,
    seed: seed + index,
    count: PER_LINEAGE,
  }));
}

describe("What tenants do by themselves", () => {
  const tally = new Tally();

  async function play(all: readonly Lineage[]): Promise<void> {
    let lived = 0;
    const failures: string[] = [];
    await playLineages(all, ({ failure, ...bred }: Bred, { seed, honest }) => {
      lived += bred.lived;
      tally.add(bred.tally);
      if (failure !== null) {
        failures.push(`seed ${seed}, honest ${honest}: ${JSON.stringify(failure)}`);
      }
    });
    expect(failures).to.deep.equal([]);
    expect(lived).to.equal(all.reduce((sum, { count }) => sum + count, 0));
  }

  it(`P24 never yields more than was paid for, in ${GREEDY_HISTORIES} histories`, async function () {
    this.timeout(15 * 60_000);
    await play(lineages(GREEDY_HISTORIES, false, SEED));
  });

  it(`P24 P26 never yields less where every payment succeeds, in ${HONEST_HISTORIES} histories`, async function () {
    this.timeout(10 * 60_000);
    await play(lineages(HONEST_HISTORIES, true, 2 * SEED));
  });

  it("everything that tenants can do happened often enough", () => {
    const seldom = HAPPENINGS.filter((what) => tally.of(what) < OFTEN);
    expect(seldom, String(tally)).to.deep.equal([]);
  });
});
