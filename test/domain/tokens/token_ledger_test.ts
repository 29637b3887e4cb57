import { expect } from "chai";
import fc from "fast-check";
import type { MonthlyAllowance } from "../../../src/domain/subscription/entitlement.ts";
import {
  availableTokens,
  balanceOf,
  type LedgerEntry,
  type UnsealedEntry,
} from "../../../src/domain/tokens/token_ledger.ts";
import {
  expireMonthly,
  grantMonthly,
  isMonthOver,
} from "../../../src/domain/tokens/token_ledger_monthly.ts";
import { TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";

const now = at("2026-03-10T12:00:00Z");
const march = allowanceOf("2026-03-10", 300);
const april = allowanceOf("2026-04-10", 300);

function allowanceOf(month: string, tokens: number): MonthlyAllowance {
  const covered = monthsFrom(month);
  return {
    key: `grant:sub_one:${covered.start.toISOString()}`,
    tokens,
    period: covered,
    source: "invoice:in_one",
  };
}

/** An entry as a store would give it back; the hash does not matter here. */
function stored(entry: UnsealedEntry | undefined, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  if (entry === undefined) {
    throw new TypeError("Cannot store the entry: nothing was granted");
  }
  return { ...entry, previousHash: "", hash: `hash of ${entry.seq}`, ...changes };
}

describe("grantMonthly", () => {
  const first = stored(grantMonthly(TENANT, undefined, march, now));

  it("P23 begins a ledger with the month's tokens, under the allowance's key", () => {
    expect(grantMonthly(TENANT, undefined, march, now)).to.deep.equal({
      tenantId: TENANT,
      seq: 1,
      key: march.key,
      kind: "grant",
      amount: 300,
      expired: 0,
      monthly: 300,
      packs: 0,
      debt: 0,
      reserved: 0,
      grant: { key: march.key, tokens: 300, expiresAt: march.period.end },
      hold: null,
      reason: null,
      source: "invoice:in_one",
      halted: false,
      at: now,
    });
  });

  it("P23 grants the same month only once, spent or not", () => {
    expect(grantMonthly(TENANT, first, march, now)).to.equal(undefined);
    expect(grantMonthly(TENANT, { ...first, monthly: 5 }, march, now)).to.equal(undefined);
  });

  it("P25 replaces what is left of the old month in one entry and leaves packs and debt", () => {
    const last = { ...first, monthly: 120, packs: 50, debt: 7 };
    expect(grantMonthly(TENANT, last, april, now)).to.deep.include({
      seq: 2,
      key: april.key,
      kind: "grant",
      amount: 180,
      expired: 120,
      monthly: 300,
      packs: 50,
      debt: 7,
      grant: { key: april.key, tokens: 300, expiresAt: april.period.end },
    });
  });

  it("P24 tops a month up by the difference, under a key of its own", () => {
    const last = { ...first, monthly: 20 };
    expect(grantMonthly(TENANT, last, { ...march, tokens: 400 }, now)).to.deep.include({
      seq: 2,
      key: `${march.key}:400`,
      kind: "grant",
      amount: 100,
      expired: 0,
      monthly: 120,
      grant: { key: march.key, tokens: 400, expiresAt: march.period.end },
    });
  });

  it("P19, P24 takes nothing back when the month's allowance shrinks", () => {
    for (const tokens of [299, 1, 0]) {
      expect(grantMonthly(TENANT, first, { ...march, tokens }, now)).to.equal(undefined);
    }
  });

  it("P24 gains nothing from a loop of shrinking and growing", () => {
    let last = first;
    for (const tokens of [400, 200, 400, 300, 0, 400]) {
      const entry = grantMonthly(TENANT, last, { ...march, tokens }, now);
      last = entry === undefined ? last : stored(entry);
    }
    expect(last).to.deep.include({ seq: 2, monthly: 400 });
  });

  it("P25 lets a month expire that is followed by one without tokens", () => {
    expect(grantMonthly(TENANT, first, { ...april, tokens: 0 }, now)).to.deep.include({
      kind: "expire",
      key: april.key,
      amount: -300,
      expired: 300,
      monthly: 0,
    });
  });

  it("P25 writes nothing when there is nothing to grant and nothing to expire", () => {
    const spent = { ...first, monthly: 0 };
    expect(grantMonthly(TENANT, undefined, { ...march, tokens: 0 }, now)).to.equal(undefined);
    expect(grantMonthly(TENANT, spent, { ...april, tokens: 0 }, now)).to.equal(undefined);
  });
});

describe("expireMonthly", () => {
  const first = stored(grantMonthly(TENANT, undefined, april, now));

  it("P23 ends the month in force without granting the next one a second time", () => {
    expect(expireMonthly({ ...first, packs: 9 }, march, now)).to.deep.equal({
      tenantId: TENANT,
      seq: 2,
      key: "expire:1",
      kind: "expire",
      amount: -300,
      expired: 300,
      monthly: 0,
      packs: 9,
      debt: 0,
      reserved: 0,
      grant: { key: march.key, tokens: 300, expiresAt: march.period.end },
      hold: null,
      reason: null,
      source: "invoice:in_one",
      halted: false,
      at: now,
    });
  });

  it("P23 leaves nothing to grant for that month", () => {
    const expired = stored(expireMonthly(first, march, now));
    expect(grantMonthly(TENANT, expired, march, now)).to.equal(undefined);
  });

  it("P25 writes nothing where no month is in force", () => {
    expect(expireMonthly({ ...first, monthly: 0, grant: null }, march, now)).to.equal(undefined);
  });
});

describe("token ledger", () => {
  it("P30 sums up to the balance, without gaps, repeated keys or a balance below zero", () => {
    const steps = fc.array(
      fc.record({
        month: fc.integer({ min: 1, max: 9 }).map((month) => `2026-0${month}-10`),
        tokens: fc.integer({ min: 0, max: 1_000 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (history) => {
        const months = history.toSorted((a, b) => (a.month < b.month ? -1 : 1));
        const entries: LedgerEntry[] = [];
        for (const { month, tokens } of months) {
          const entry = grantMonthly(TENANT, entries.at(-1), allowanceOf(month, tokens), now);
          if (entry !== undefined) {
            entries.push(stored(entry));
          }
        }
        const { monthly, packs, debt } = balanceOf(entries.at(-1));
        const sum = entries.reduce((total, { amount }) => total + amount, 0);
        expect(sum).to.equal(monthly + packs - debt);
        expect(entries.map(({ seq }) => seq)).to.deep.equal(entries.map((_, index) => index + 1));
        expect(new Set(entries.map(({ key }) => key)).size).to.equal(entries.length);
        expect(entries.every((entry) => entry.monthly >= 0 && entry.expired >= 0)).to.equal(true);
      }),
    );
  });

  it("P24 grants the largest allowance of each month, however often we look", () => {
    const looks = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(looks, (allowances) => {
        let last: LedgerEntry | undefined;
        for (const tokens of allowances) {
          const entry = grantMonthly(TENANT, last, { ...march, tokens }, now);
          last = entry === undefined ? last : stored(entry);
        }
        expect(balanceOf(last).monthly).to.equal(Math.max(...allowances));
      }),
    );
  });
});

describe("isMonthOver", () => {
  const first = stored(grantMonthly(TENANT, undefined, march, now));

  it("P26 is from the end of the granted month on, and where none was granted", () => {
    expect(isMonthOver(undefined, now)).to.equal(true);
    expect(isMonthOver({ ...first, grant: null }, now)).to.equal(true);
    expect(isMonthOver(first, now)).to.equal(false);
    expect(isMonthOver(first, new Date(march.period.end.getTime() - 1))).to.equal(false);
    expect(isMonthOver(first, march.period.end)).to.equal(true);
  });
});

describe("balanceOf", () => {
  it("P30 is in the last entry, and nothing before the first", () => {
    const entry = stored(grantMonthly(TENANT, undefined, march, now), { packs: 4, debt: 2 });
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
