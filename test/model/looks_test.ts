import { expect } from "chai";
import fc from "fast-check";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import type { Standing } from "../../src/domain/subscription/standing.ts";
import { GOOD_WEATHER } from "./disturbance.ts";
import { type Sabotage, saving } from "./sabotage.ts";
import type { Card, Interval, Plan } from "./spending/moves.ts";
import { OPERATIONS, type Operation, type OperatorEvent } from "./spending/operator_events.ts";
import { type OperatorHistory, playOperators } from "./spending/play_operators.ts";
import { DUNNINGS } from "./spending/tenant_history.ts";
import { Tally } from "./tally.ts";
import { type Template, World } from "./world.ts";

const HISTORIES = 200;
const SEED = 2_027;
/** How often each thing happens at least. */
const OFTEN = 5;
/** Of so many histories one may show only the plan: a month was lent or granted, and owed later. */
const ONE_VAGUE_IN = 3;

const HAPPENINGS = [
  ...OPERATIONS.filter((what) => what !== "card"),
  "card good",
  "card declines",
  "card debit",
  "card failing_debit",
  "invoice draft",
  "invoice open",
  "invoice void",
  "invoice uncollectible",
  "uncollectible: user_forgiven",
  "uncollectible: max_payment_attempts",
  "uncollectible: subscription_paused",
];

const HOURS = fc.oneof(fc.constantFrom(1, 24 * 31), fc.integer({ min: 1, max: 24 * 40 }));
const SOON = fc.constantFrom(1, 24);
const PAUSES: Operation[] = ["pause_void", "pause_draft", "pause_uncollectible"];
/** Dunning has given up by then. */
const LONG = fc.constantFrom(24 * 50, 24 * 60);
/** A renewal has been declined by then, and is not given up. */
const AFTER_RENEWAL = fc.constantFrom(24 * 33, 24 * 36);

function event(
  does: readonly Operation[],
  { afterHours = HOURS, cards = ["good", "good", "declines", "debit", "failing_debit"] }: Rest = {},
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
    event(["card"], { cards: ["good"], afterHours: SOON }),
  ),
  fc.tuple(
    event(["card"], { cards: ["declines"] }),
    event(["send", "credit_note"], { afterHours: LONG }),
    event(["end"], { afterHours: SOON }),
    event(["make", "invoice"], { afterHours: SOON }),
  ),
  fc.tuple(event(["end"]), event(["make", "invoice"], { afterHours: SOON })),
  fc.tuple(event(["hide"]), event(["show"], { afterHours: SOON })),
  fc.tuple(event(["dispute"]), event(["decide"], { afterHours: SOON })),
  fc.tuple(event(PAUSES), event(["lift"])),
  fc.tuple(event(["halt"]), event(["go_on"], { afterHours: SOON })),
  fc.tuple(event(["meter"]), event(["use"], { afterHours: SOON })),
  fc.tuple(
    event(["card"], { cards: ["debit", "failing_debit"] }),
    event(["card"], { cards: ["good"], afterHours: AFTER_RENEWAL }),
  ),
);

const EPISODES = fc.oneof(
  { weight: 2, arbitrary: event(OPERATIONS).map((one) => [one]) },
  { weight: 1, arbitrary: SEQUELS },
);

const OPERATOR_HISTORIES: fc.Arbitrary<OperatorHistory> = fc.record({
  dunning: fc.constantFrom(...DUNNINGS.keys(), DUNNINGS.length - 1),
  events: fc.array(EPISODES, { minLength: 2, maxLength: 8 }).map((all) => all.flat()),
});

/** Faults by which it matters what was looked at before. */
const FORGETFUL: readonly Sabotage[] = [
  remembering("keeps what was owed before", (before, { debts, ...found }) => ({
    ...found,
    debts: debts.length > 0 ? debts : before.debts,
  })),
  remembering("keeps the lines that it has seen", (before, { lines, ...found }) => ({
    ...found,
    lines: before.lines.length > lines.length ? before.lines : lines,
  })),
  remembering("sees nothing new of a tenant that owes", (before, found) =>
    before.debts.length > 0 ? before : found,
  ),
];

/** A service whose looks depend on the one before. */
function remembering(
  title: string,
  change: (before: Standing, found: Standing) => Standing,
): Sabotage {
  return {
    title,
    weather: GOOD_WEATHER,
    spoil: (store) =>
      saving(store, async (account) => {
        const before = (await store.accounts.find(account.tenantId))?.standing;
        const found = account.standing;
        return { ...account, standing: before && found ? change(before, found) : found };
      }),
  };
}

describe("What operators do, however often anybody looks", () => {
  const tally = new Tally();
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  it(`P09 P15 P24 P25 ends as one look does, by clocks that differ, in ${HISTORIES} histories`, async function () {
    this.timeout(10 * 60_000);
    const property = fc.asyncProperty(OPERATOR_HISTORIES, async (history) => {
      const once = await playOperators(history, template, { seen: false, tally: new Tally() });
      const often = await playOperators(history, template, { seen: true, tally });
      tally.count("vague", often.left === null ? 1 : 0);
      expect(often).to.deep.equal(once);
    });
    await fc.assert(property, { numRuns: HISTORIES, seed: SEED });
  });

  for (const sabotage of FORGETFUL) {
    it(`notices a service that ${sabotage.title}`, async function () {
      this.timeout(5 * 60_000);
      const property = fc.asyncProperty(OPERATOR_HISTORIES, async (history) => {
        const spoilt = { ...template, sabotage };
        const once = await playOperators(history, spoilt, { seen: false, tally: new Tally() });
        const often = await playOperators(history, spoilt, { seen: true, tally: new Tally() });
        expect(often).to.deep.equal(once);
      });
      const tries = { numRuns: HISTORIES, seed: SEED, endOnFailure: true };
      expect((await fc.check(property, tries)).failed, "no history shows it").to.equal(true);
    });
  }

  it("everything that operators do happened often enough", () => {
    const seldom = HAPPENINGS.filter((what) => tally.of(what) < OFTEN);
    expect(seldom, String(tally)).to.deep.equal([]);
    expect(tally.of("vague")).to.be.at.most(HISTORIES / ONE_VAGUE_IN);
  });
});
