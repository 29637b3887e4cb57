import { expect } from "chai";
import fc from "fast-check";
import { type LedgerEntry, totalOf } from "../../../src/domain/tokens/token_ledger.ts";
import { heldTokens } from "../../../src/domain/tokens/token_ledger_spending.ts";
import type { PackPurchase } from "../../../src/domain/tokens/token_pack.ts";
import { at } from "../../samples/dates.ts";
import { LedgerSimulation } from "./ledger_simulation.ts";

type Step = (ledger: LedgerSimulation) => void;

const tokens = fc.integer({ min: 1, max: 400 });
const key = fc.integer({ min: 1, max: 60 }).map((number) => `key-${number}`);

const purchase: fc.Arbitrary<PackPurchase> = fc
  .record({
    number: fc.integer({ min: 1, max: 4 }),
    paid: fc.boolean(),
    reversals: fc.array(
      fc.record({
        day: fc.integer({ min: 1, max: 28 }),
        amount: fc.integer({ min: 1, max: 500 }),
        kind: fc.constantFrom("refund" as const, "dispute" as const),
        inForce: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ number, paid, reversals }) => ({
    sessionId: `cs_${number}`,
    packSlug: "starter",
    tokens: 333,
    amount: 500,
    paid,
    reversals: reversals.map(({ day, amount, kind, inForce }, index) => ({
      id: `re_${number}_${index}`,
      kind,
      createdAt: new Date(Date.UTC(2026, 2, day)),
      amount,
      inForce,
    })),
  }));

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 500 })).map(
    ([month, granted]) =>
      (ledger: LedgerSimulation) =>
        ledger.grant(month, granted),
  ),
  fc.tuple(key, tokens).map(
    ([name, spent]) =>
      (ledger: LedgerSimulation) =>
        ledger.debit(name, spent),
  ),
  fc.tuple(key, tokens).map(
    ([name, held]) =>
      (ledger: LedgerSimulation) =>
        ledger.reserve(name, held),
  ),
  fc.tuple(key, fc.constantFrom(0, 0.3, 1)).map(
    ([name, share]) =>
      (ledger: LedgerSimulation) =>
        ledger.settle(name, share),
  ),
  fc
    .integer({ min: -200, max: 200 })
    .map((change) => (ledger: LedgerSimulation) => ledger.adjust(change || 1)),
  purchase.map((truth) => (ledger: LedgerSimulation) => ledger.sync(truth)),
);

function expectInvariants(entries: readonly LedgerEntry[]): void {
  let sum = 0;
  let reserved = 0;
  for (const [index, entry] of entries.entries()) {
    const { amount, expired, monthly, packs, debt, hold, kind } = entry;
    sum += amount;
    reserved += hold === null ? 0 : heldTokens(hold) * (kind === "reserve" ? 1 : -1);
    expect(entry.seq).to.equal(index + 1);
    expect(sum, "P30 the sum is the balance").to.equal(totalOf(entry));
    expect(reserved, "P28 what is reserved is what reservations hold").to.equal(entry.reserved);
    for (const part of [monthly, packs, debt, entry.reserved, expired]) {
      expect(part, "P27 nothing is below zero").to.be.at.least(0);
    }
    expect(packs === 0 || debt === 0, "P27 packs pay debt first").to.equal(true);
    const before = entries[index - 1];
    if (kind !== "reversal" && before !== undefined) {
      expect(debt, "P27 only a reversal makes debt").to.be.at.most(before.debt);
    }
    if ((kind === "debit" || kind === "reserve") && before !== undefined) {
      const covered = totalOf(before) >= -amount;
      expect(covered, "P28 nothing is spent that is not there").to.equal(true);
    }
  }
  expect(new Set(entries.map((entry) => entry.key)).size, "P23 keys").to.equal(entries.length);
}

describe("token ledger: any interleaving", () => {
  it("P27, P28, P30 keeps every invariant", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const ledger = new LedgerSimulation();
        for (const take of steps) {
          take(ledger);
        }
        expectInvariants(ledger.entries);
      }),
      { numRuns: 300 },
    );
  });

  it("P30 sums up to the balance after 10,000 random operations", () => {
    const ledger = new LedgerSimulation();
    const steps = fc.sample(step, { numRuns: 10_000, seed: 42 });
    let count = 0;
    for (const take of steps) {
      count += 1;
      take(ledger);
      if (count % 100 === 0) {
        ledger.debit(`more-${count}`, 1 + (count % 37));
        ledger.reserve(`more-${count}`, 1 + (count % 11));
      }
    }
    expect(ledger.entries.length).to.be.greaterThan(500);
    expectInvariants(ledger.entries);
  });
});

describe("token ledger: packs", () => {
  /** Every state that a purchase's reversals go through, in any order of looking. */
  const history = purchase.map((truth) => ({ ...truth, paid: true }));

  it("P29 ends with the same balance whatever was seen on the way", () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.infiniteStream(fc.boolean()), { maxLength: 6 }),
        (truth, looks) => {
          const straight = new LedgerSimulation();
          straight.sync(truth);
          const winding = new LedgerSimulation();
          for (const look of looks) {
            const seen = truth.reversals.flatMap((reversal) => {
              const isThere = look.next().value;
              return isThere ? { ...reversal, inForce: look.next().value } : [];
            });
            winding.sync({ ...truth, reversals: seen });
          }
          winding.sync(truth);
          const [one, other] = [straight.last, winding.last];
          expect(other && totalOf(other)).to.equal(one && totalOf(one));
          const size = winding.entries.length;
          winding.sync(truth);
          expect(winding.entries.length, "a repetition adds nothing").to.equal(size);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("P29 takes back the share of the tokens that was paid back, at most all", () => {
    fc.assert(
      fc.property(history, (truth) => {
        const ledger = new LedgerSimulation();
        ledger.sync(truth);
        const away = truth.reversals
          .filter(({ inForce }) => inForce)
          .reduce((sum, { amount }) => sum + amount, 0);
        const share = Math.floor((truth.tokens * Math.min(away, truth.amount)) / truth.amount);
        expect(ledger.last?.packs).to.equal(truth.tokens - share);
      }),
    );
  });

  it("P29 a refund of spent tokens is a debt that the next pack pays first", () => {
    const bought = (sessionId: string, refunded: number): PackPurchase => ({
      sessionId,
      packSlug: "starter",
      tokens: 100,
      amount: 500,
      paid: true,
      reversals: refunded
        ? [
            {
              id: "re_1",
              kind: "refund",
              createdAt: at("2026-03-11"),
              amount: refunded,
              inForce: true,
            },
          ]
        : [],
    });
    const ledger = new LedgerSimulation();
    ledger.sync(bought("cs_1", 0));
    ledger.debit("call-1", 90);
    ledger.sync(bought("cs_1", 250));
    expect(ledger.last).to.deep.include({ kind: "reversal", amount: -50, packs: 0, debt: 40 });
    ledger.debit("call-2", 1);
    expect(ledger.entries).to.have.length(3);
    ledger.sync(bought("cs_2", 0));
    expect(ledger.last).to.deep.include({ kind: "pack", amount: 100, packs: 60, debt: 0 });
  });
});
