import { expect } from "chai";
import fc from "fast-check";
import type { Debt } from "../../../src/domain/subscription/debts.ts";
import { entitlement } from "../../../src/domain/subscription/entitlement.ts";
import type { SettledLine } from "../../../src/domain/subscription/settled_line.ts";
import type { Standing } from "../../../src/domain/subscription/standing.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { sampleCatalog } from "../../samples/catalog.ts";

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2027, 0, 1);
const CATALOG = sampleCatalog();

/** Hours, so that instants meet one another, and the milliseconds around them. */
const instant = fc
  .tuple(fc.nat({ max: 24 * 150 }), fc.integer({ min: -1, max: 1 }))
  .map(([hours, ms]) => new Date(FIRST_MS + 3_600_000 * hours + ms));
const period = fc
  .tuple(instant, fc.constantFrom(1, 14, 31, 365))
  .map(([start, days]) => ({ start, end: new Date(+start + days * DAY_MS) }));
const planSlug = fc.constantFrom("starter", "pro", "business", "gone");

const line: fc.Arbitrary<SettledLine> = fc.record({
  basis: fc.constantFrom("paid", "waived", "lent", "pending", "running"),
  lentUntil: fc.option(instant),
  planSlug,
  period,
  opens: fc.boolean(),
  creditedFrom: fc.option(instant, { freq: 3 }),
  trial: fc.boolean(),
  settledAt: instant,
});

const debt: fc.Arbitrary<Debt> = fc.record({
  invoiceId: fc.constant("in_owed"),
  cause: fc.constantFrom("first", "renewal", "change"),
  from: fc.option(instant),
  since: instant,
});

const standing: fc.Arbitrary<Standing> = fc.record({
  subscription: fc.option(
    fc.record({
      id: fc.constant("sub_1"),
      status: fc.oneof(
        { weight: 3, arbitrary: fc.constant("active" as const) },
        fc.constantFrom(...SUBSCRIPTION_STATUSES),
      ),
      billingCycleAnchor: instant,
      endedAt: fc.option(instant, { freq: 2 }),
      collectionPaused: fc.boolean(),
      item: fc.option(
        fc.record({ id: fc.constant("si_1"), priceId: fc.constant("price_1"), planSlug, period }),
        { freq: 9 },
      ),
    }),
    { freq: 9 },
  ),
  debts: fc.array(debt, { maxLength: 2 }),
  lines: fc
    .array(line, { maxLength: 4 })
    .map((lines) => lines.toSorted((a, b) => +a.period.start - +b.period.start)),
  creditedUnpaid: fc.constant([]),
});

describe("how long a decision holds (P33)", () => {
  const at = (of: Standing, now: Date) =>
    entitlement(structuredClone(of), CATALOG, { now, graceDays: 14 });

  it("is the same at every instant before it says that it changes", () => {
    fc.assert(
      fc.property(
        standing,
        instant,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (of, now, part) => {
          const decided = at(of, now);
          const end = decided.changesAt ?? new Date(+now + 500 * DAY_MS);
          const later = new Date(Math.floor(+now + (+end - +now - 1) * part));
          expect(at(of, later)).to.deep.equal(decided);
          expect(at(of, new Date(+end - 1))).to.deep.equal(decided);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("is decided once and told again until then, for the same catalogue and grace", () => {
    fc.assert(
      fc.property(standing, fc.array(instant, { minLength: 2, maxLength: 6 }), (of, instants) => {
        for (const now of instants) {
          expect(entitlement(of, CATALOG, { now, graceDays: 14 })).to.deep.equal(at(of, now));
        }
        const [now = new Date(0)] = instants;
        const others = { ...CATALOG, plans: CATALOG.plans.slice(0, 2) };
        for (const [catalog, graceDays] of [
          [others, 14],
          [CATALOG, 1],
        ] as const) {
          expect(entitlement(of, catalog, { now, graceDays })).to.deep.equal(
            entitlement(structuredClone(of), catalog, { now, graceDays }),
          );
        }
      }),
    );
  });
});
