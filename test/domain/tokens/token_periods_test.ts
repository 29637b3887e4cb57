import { expect } from "chai";
import fc from "fast-check";
import { type LedgerEntry, SUPPLY_KINDS } from "../../../src/domain/tokens/token_ledger.ts";
import { tokenPeriods } from "../../../src/domain/tokens/token_periods.ts";
import { at } from "../../samples/dates.ts";
import { LedgerSimulation } from "./ledger_simulation.ts";

const PACK = { packSlug: "starter", tokens: 300, amount: 500, paid: true, reversals: [] };

/** The periods of a ledger, read as the use case does. */
function periodsOf({ entries, last }: LedgerSimulation) {
  const supplies = entries.filter(({ kind }) => (SUPPLY_KINDS as readonly string[]).includes(kind));
  return last === undefined ? [] : tokenPeriods(last, supplies.toReversed());
}

/** What was used under each grant, by adding up every entry that spends. */
function usedByAddingUp(entries: readonly LedgerEntry[]): Map<string, number> {
  const used = new Map<string, number>();
  for (const { months, kind, amount } of entries) {
    if (months?.current) {
      const spends = !(SUPPLY_KINDS as readonly string[]).includes(kind);
      const start = months.current.slice("sub_one:".length);
      used.set(start, (used.get(start) ?? 0) - (spends ? amount : 0));
    }
  }
  return used;
}

describe("tokenPeriods", () => {
  it("tells months apart: what was granted, bought and used, and how much of it was bought", () => {
    const ledger = new LedgerSimulation();
    ledger.grant(1, 100);
    ledger.debit("a", 60);
    ledger.sync({ ...PACK, sessionId: "cs_1" });
    ledger.debit("b", 90);
    ledger.grant(2, 100);
    ledger.debit("c", 10);
    ledger.grant(2, 250);
    expect(periodsOf(ledger)).to.deep.equal([
      {
        start: at("2026-02-10"),
        end: at("2026-03-10"),
        granted: 250,
        used: 10,
        usedPacks: 0,
        bought: 0,
      },
      {
        start: at("2026-01-10"),
        end: at("2026-02-10"),
        granted: 100,
        used: 150,
        usedPacks: 50,
        bought: 300,
      },
    ]);
  });

  it("counts held tokens as used until they come back", () => {
    const ledger = new LedgerSimulation();
    ledger.grant(1, 100);
    ledger.reserve("a", 80);
    expect(periodsOf(ledger)[0]?.used).to.equal(80);
    ledger.settle("a", 0.5);
    expect(periodsOf(ledger)[0]?.used).to.equal(40);
  });

  it("does not take corrections for use", () => {
    const ledger = new LedgerSimulation();
    ledger.grant(1, 100);
    ledger.adjust(500);
    ledger.adjust(-550);
    expect(periodsOf(ledger)[0]).to.include({ used: 0, usedPacks: 0, bought: 0 });
  });

  it("agrees with adding up all that was spent, whatever happened", () => {
    const amount = fc.integer({ min: 1, max: 120 });
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), amount), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const ledger = new LedgerSimulation();
        let month = 1;
        for (const [index, [what, tokens]] of all.entries()) {
          const moves = [
            () => {
              month = Math.min(month + 1, 12);
              ledger.grant(month, tokens * 3);
            },
            () => ledger.grant(month, tokens * 4),
            () => ledger.debit(`d${index}`, tokens),
            () => ledger.reserve(`r${index}`, tokens),
            () => ledger.settle(`r${index - 1}`, 0.3),
            () => ledger.sync({ ...PACK, sessionId: `cs_${tokens % 5}` }),
            () => ledger.adjust(tokens - 60 || 1),
          ];
          moves[what]?.();
        }
        const used = usedByAddingUp(ledger.entries);
        const periods = periodsOf(ledger);
        expect(periods).to.have.length(used.size);
        for (const period of periods) {
          const expected = Math.max(0, used.get(period.start.toISOString()) ?? Number.NaN);
          expect(period.used, period.start.toISOString()).to.equal(expected);
          expect(period.usedPacks).to.be.within(0, period.used);
        }
      }),
    );
  });
});
