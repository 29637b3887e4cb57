import { expect } from "chai";
import type { UsageMonth, UsageMonths } from "../../../src/domain/quota/usage_months.ts";
import type { UnsealedEntry } from "../../../src/domain/tokens/token_ledger.ts";
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";
import { at, monthsFrom } from "../../samples/dates.ts";

const now = at("2026-03-10T12:00:00Z");
const month = monthsFrom("2026-03-10");
const march = {
  key: `grant:sub_one:${month.start.toISOString()}`,
  tokens: 300,
  period: month,
  source: null,
};

/** Part of the hash that is pinned below. */
const TENANT = "tenant_one";

const first: UsageMonth = {
  name: "a",
  subscriptionId: null,
  start: month.start,
  end: month.end,
  allowance: 5,
  own: 1,
  inherited: 2,
  from: null,
  missed: false,
};
const months: UsageMonths = {
  months: [first],
  current: "a",
  since: now,
  healings: 0,
  displaced: 0,
};
const MONTHS_CHANGES: Partial<UsageMonths>[] = [
  { months: [] },
  { current: null },
  { since: month.start },
  { healings: 1 },
  { displaced: 1 },
];
const MONTH_CHANGES: Partial<UsageMonth>[] = [
  { name: "b" },
  { subscriptionId: "sub" },
  { start: now },
  { end: now },
  { allowance: null },
  { own: 2 },
  { inherited: 1 },
  { from: { month: "z", kept: null } },
  { missed: true },
  { from: { month: "z", kept: 3 } },
];

describe("sealEntry", () => {
  const previousHash = "0".repeat(64);
  const entry: UnsealedEntry = {
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
    grant: { key: march.key, tokens: 300, expiresAt: month.end },
    months: null,
    hold: null,
    reason: null,
    source: null,
    halted: false,
    at: now,
  };

  it("P30 keeps the entry and adds a SHA-256 over it and the one before", async () => {
    const sealed = await sealEntry(entry, previousHash);
    expect(sealed).to.deep.equal({ ...entry, previousHash, keyId: null, hash: sealed.hash });
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
  const hold = { monthly: 1, packs: 2, grantKey: "grant:a", expiresAt: now };
  const holds = [{ monthly: 2 }, { packs: 3 }, { grantKey: null }, { expiresAt: march.period.end }];
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
    months: [
      { months },
      ...MONTHS_CHANGES.map((changed) => ({ months: { ...months, ...changed } })),
      ...MONTH_CHANGES.map((changed) => ({
        months: { ...months, months: [{ ...first, ...changed }] },
      })),
    ],
    reserved: [{ reserved: 1 }],
    hold: [{ hold }, ...holds.map((changed) => ({ hold: { ...hold, ...changed } }))],
    reason: [{ reason: "because" }],
    source: [{ source: "invoice:in_1" }],
    halted: [{ halted: true }],
    at: [{ at: new Date(now.getTime() + 1) }],
  };
  for (const [field, variants] of Object.entries(changes)) {
    it(`P30 gives another hash when ${field} was changed`, async () => {
      const { hash } = await sealEntry(entry, previousHash);
      const hashes = [hash];
      for (const variant of variants) {
        hashes.push((await sealEntry({ ...entry, ...variant }, previousHash)).hash);
      }
      expect(new Set(hashes).size).to.equal(variants.length + 1);
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
