import { expect } from "chai";
import fc from "fast-check";
import { availableTokens, balanceOf } from "../../../src/domain/tokens/token_ledger.ts";
import { isMonthOver } from "../../../src/domain/tokens/token_months.ts";
import { monthsFrom } from "../../samples/dates.ts";
import { LedgerSimulation, monthOf } from "./ledger_simulation.ts";

const march = monthsFrom("2026-03-10");

/** A ledger after some looks, each at a month with an allowance. */
function ledgerAfter(...looks: [month: number, tokens: number][]): LedgerSimulation {
  const ledger = new LedgerSimulation();
  for (const [month, tokens] of looks) {
    ledger.grant(month, tokens);
  }
  return ledger;
}

describe("entries of the months", () => {
  it("P23 begin a ledger with the month's tokens, under the month's key", () => {
    const { entries } = ledgerAfter([3, 300], [3, 300]);
    expect(entries).to.have.length(1);
    expect(entries[0]).to.deep.include({
      seq: 1,
      key: "grant:sub_one:2026-03-10T00:00:00.000Z",
      kind: "grant",
      amount: 300,
      expired: 0,
      monthly: 300,
      grant: null,
    });
  });

  it("P25 replace what is left of the old month in one entry and leave packs alone", () => {
    const ledger = ledgerAfter([3, 300]);
    ledger.adjust(50);
    ledger.debit("a", 180);
    ledger.grant(4, 300);
    expect(ledger.last).to.deep.include({
      seq: 4,
      key: "grant:sub_one:2026-04-10T00:00:00.000Z",
      kind: "grant",
      amount: 180,
      expired: 120,
      monthly: 300,
      packs: 50,
    });
  });

  it("P24 top a month up by the difference, under a key of its own", () => {
    const ledger = ledgerAfter([3, 300]);
    ledger.debit("a", 280);
    ledger.grant(3, 400);
    expect(ledger.last).to.deep.include({
      key: "grant:sub_one:2026-03-10T00:00:00.000Z:400",
      kind: "grant",
      amount: 100,
      expired: 0,
      monthly: 120,
    });
  });

  it("P24 take nothing back when the allowance shrinks, and gain nothing from a loop of it", () => {
    const { entries } = ledgerAfter(
      [3, 300],
      [3, 1],
      [3, 400],
      [3, 200],
      [3, 400],
      [3, 0],
      [3, 400],
    );
    expect(entries.map(({ amount }) => amount)).to.deep.equal([300, 100]);
  });

  it("P25 let a month expire that is followed by one without tokens", () => {
    expect(ledgerAfter([3, 300], [4, 0]).last).to.deep.include({
      kind: "expire",
      amount: -300,
      expired: 300,
      monthly: 0,
    });
  });

  it("P24 grant the largest allowance of each month, however often we look", () => {
    const looks = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(looks, (allowances) => {
        const ledger = ledgerAfter(...allowances.map((tokens): [number, number] => [3, tokens]));
        expect(balanceOf(ledger.last).monthly).to.equal(Math.max(...allowances));
      }),
    );
  });
});

describe("isMonthOver", () => {
  const { last } = ledgerAfter([3, 300]);

  it("P26 is from the end of the month in force on, and where none is", () => {
    expect(isMonthOver(undefined, march.start)).to.equal(true);
    expect(isMonthOver(last, march.start)).to.equal(false);
    expect(isMonthOver(last, new Date(march.end.getTime() - 1))).to.equal(false);
    expect(isMonthOver(last, march.end)).to.equal(true);
  });

  it("P26 is from the end of the grant on in an entry of an older release", () => {
    const grant = { key: monthOf(3, 300).name, tokens: 300, expiresAt: march.end };
    const older = last && { ...last, months: null, grant };
    expect(isMonthOver(older, new Date(march.end.getTime() - 1))).to.equal(false);
    expect(isMonthOver(older, march.end)).to.equal(true);
    expect(isMonthOver(older && { ...older, grant: null }, march.start)).to.equal(true);
  });
});

describe("balanceOf", () => {
  it("P30 is in the last entry, and nothing before the first", () => {
    const { last } = ledgerAfter([3, 300]);
    const entry = last && { ...last, packs: 4, debt: 2 };
    expect(balanceOf(entry)).to.deep.equal({ monthly: 300, packs: 4, debt: 2, reserved: 0 });
    expect(balanceOf(undefined)).to.deep.equal({ monthly: 0, packs: 0, debt: 0, reserved: 0 });
  });
});

describe("availableTokens", () => {
  it("P27 is what is left after debt, never below zero", () => {
    expect(availableTokens({ monthly: 10, packs: 5, debt: 3 })).to.equal(12);
    expect(availableTokens({ monthly: 0, packs: 5, debt: 5 })).to.equal(0);
    expect(availableTokens({ monthly: 1, packs: 1, debt: 90 })).to.equal(0);
  });
});
