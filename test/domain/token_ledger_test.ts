import { expect } from "chai";
import fc from "fast-check";
import type { MonthlyAllowance } from "../../src/domain/entitlement.ts";
import {
  availableTokens,
  balanceOf,
  expireMonthly,
  grantMonthly,
  type LedgerEntry,
  sealEntry,
  type UnsealedEntry,
} from "../../src/domain/token_ledger.ts";
import { at, monthsFrom, TENANT } from "./sample_subscription.ts";

const now = at("2026-03-10T12:00:00Z");
const march = allowanceOf("2026-03-10", 300);
const april = allowanceOf("2026-04-10", 300);

function allowanceOf(month: string, tokens: number): MonthlyAllowance {
  const covered = monthsFrom(month);
  return { key: `grant:sub_one:${covered.start.toISOString()}`, tokens, period: covered };
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
      grant: { key: march.key, tokens: 300, expiresAt: march.period.end },
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
      grant: { key: march.key, tokens: 300, expiresAt: march.period.end },
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

describe("balanceOf", () => {
  it("P30 is in the last entry, and nothing before the first", () => {
    const entry = stored(grantMonthly(TENANT, undefined, march, now), { packs: 4, debt: 2 });
    expect(balanceOf(entry)).to.deep.equal({ monthly: 300, packs: 4, debt: 2 });
    expect(balanceOf(undefined)).to.deep.equal({ monthly: 0, packs: 0, debt: 0 });
  });
});

describe("availableTokens", () => {
  it("P27 is what is left after debt, never below zero", () => {
    expect(availableTokens({ monthly: 10, packs: 5, debt: 3 })).to.equal(12);
    expect(availableTokens({ monthly: 0, packs: 5, debt: 5 })).to.equal(0);
    expect(availableTokens({ monthly: 1, packs: 1, debt: 90 })).to.equal(0);
  });
});

describe("sealEntry", () => {
  const previousHash = "0".repeat(64);
  const entry = grantMonthly(TENANT, undefined, march, now) as UnsealedEntry;

  it("P30 keeps the entry and adds a SHA-256 over it and the one before", async () => {
    const sealed = await sealEntry(entry, previousHash);
    expect(sealed).to.deep.equal({ ...entry, previousHash, hash: sealed.hash });
    expect(sealed.hash).to.match(/^[0-9a-f]{64}$/);
  });

  it("P30 gives the hash that was given when the first ledgers were written", async () => {
    expect((await sealEntry(entry, "")).hash).to.equal(
      "d167edb0a1b5d8b7c29ded6185b223e6f7da8d4ec0769ab771378540bd23cadd",
    );
  });

  it("P30 gives the same hash again, in whatever order the fields stand", async () => {
    const reordered = Object.fromEntries(Object.entries(entry).reverse()) as unknown;
    const [one, two] = await Promise.all([
      sealEntry(entry, previousHash),
      sealEntry(reordered as UnsealedEntry, previousHash),
    ]);
    expect(two.hash).to.equal(one.hash);
  });

  const grant = { key: march.key, tokens: 300, expiresAt: march.period.end };
  const changes: Record<keyof UnsealedEntry, Partial<UnsealedEntry>[]> = {
    tenantId: [{ tenantId: "tenant_two" }],
    seq: [{ seq: 2 }],
    key: [{ key: "grant:other" }],
    kind: [{ kind: "expire" }],
    amount: [{ amount: 301 }, { amount: -300 }],
    expired: [{ expired: 1 }],
    monthly: [{ monthly: 299 }],
    packs: [{ packs: 1 }],
    debt: [{ debt: 1 }],
    grant: [
      { grant: null },
      { grant: { ...grant, key: "x" } },
      { grant: { ...grant, tokens: 301 } },
      { grant: { ...grant, expiresAt: new Date(grant.expiresAt.getTime() + 1) } },
    ],
    at: [{ at: new Date(now.getTime() + 1) }],
  };
  for (const [field, variants] of Object.entries(changes)) {
    it(`P30 gives another hash when ${field} was changed`, async () => {
      const { hash } = await sealEntry(entry, previousHash);
      for (const variant of variants) {
        const changed = await sealEntry({ ...entry, ...variant }, previousHash);
        expect(changed.hash).to.not.equal(hash);
      }
    });
  }

  it("P30 gives another hash when the entry before was changed", async () => {
    const { hash } = await sealEntry(entry, previousHash);
    expect((await sealEntry(entry, `1${previousHash.slice(1)}`)).hash).to.not.equal(hash);
  });

  it("P30 does not confuse neighbouring fields", async () => {
    const one = await sealEntry({ ...entry, monthly: 1, packs: 23 }, previousHash);
    const two = await sealEntry({ ...entry, monthly: 12, packs: 3 }, previousHash);
    expect(one.hash).to.not.equal(two.hash);
  });
});
