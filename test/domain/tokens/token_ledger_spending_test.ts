import { expect } from "chai";
import type { UsageMonths } from "../../../src/domain/quota/usage_months.ts";
import {
  type LedgerEntry,
  nextEntry,
  requireTokens,
} from "../../../src/domain/tokens/token_ledger.ts";
import {
  debitTokens,
  heldTokens,
  reserveTokens,
  settleReservation,
  usedTokens,
} from "../../../src/domain/tokens/token_ledger_spending.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

const now = at("2026-03-10T12:00:00Z");
const EXPIRES_AT = at("2026-04-10");

/** A ledger whose last entry leads to a balance. */
function ledgerWith(changes: Partial<LedgerEntry>): LedgerEntry {
  const months = monthsWith("march", changes.monthly ?? 0);
  const fact = { tenantId: TENANT, key: "start", kind: "grant", months, at: now } as const;
  return {
    ...nextEntry(undefined, fact, {}),
    previousHash: "",
    keyId: null,
    hash: "h",
    ...changes,
  };
}

/** A month of 1,000 tokens in force, of which some are left. */
function monthsWith(name: string, left: number): UsageMonths {
  const month = {
    name,
    subscriptionId: "sub_one",
    start: now,
    end: EXPIRES_AT,
    allowance: 1_000,
    own: 1_000 - left,
    inherited: 0,
    from: null,
    missed: false,
  };
  return { months: [month], current: name, since: now, healings: 0, displaced: 0 };
}

const wish = (tokens: number) => ({ tenantId: TENANT, key: "k", tokens, reason: null, now });
const reserve = (last: LedgerEntry, tokens: number): LedgerEntry => {
  const entry = reserveTokens(last, { ...wish(tokens), expiresAt: EXPIRES_AT });
  return "type" in entry
    ? expect.fail(entry.type)
    : { ...entry, previousHash: "", keyId: null, hash: "h" };
};

describe("debitTokens", () => {
  const cases: [what: string, Partial<LedgerEntry>, number, object][] = [
    ["monthly tokens only", { monthly: 10, packs: 5 }, 10, { monthly: 0, packs: 5 }],
    ["monthly tokens, then packs", { monthly: 10, packs: 5 }, 12, { monthly: 0, packs: 3 }],
    ["everything", { monthly: 10, packs: 5 }, 15, { monthly: 0, packs: 0 }],
    ["packs alone", { packs: 5 }, 1, { monthly: 0, packs: 4 }],
    ["what a debt leaves", { monthly: 10, debt: 4 }, 6, { monthly: 4, debt: 4 }],
  ];
  for (const [what, balance, tokens, left] of cases) {
    it(`P27 takes ${what}`, () => {
      const entry = debitTokens(ledgerWith(balance), wish(tokens));
      expect(entry).to.deep.include({ ...left, amount: -tokens, kind: "debit", key: "debit:k" });
    });
  }

  for (const [balance, tokens] of [
    [{ monthly: 10, packs: 5 }, 16],
    [{ monthly: 10, debt: 4 }, 7],
    [{ monthly: 3, debt: 4 }, 1],
    [{}, 1],
  ] as const) {
    it(`P27 refuses ${tokens} of ${JSON.stringify(balance)}`, () => {
      const refused = debitTokens(ledgerWith(balance), wish(tokens));
      expect(refused).to.have.property("type", "insufficient_tokens");
    });
  }

  it("P30 refuses while spending is halted", () => {
    const refused = debitTokens(ledgerWith({ monthly: 9, halted: true }), wish(1));
    expect(refused).to.deep.equal({ type: "spending_halted" });
  });
});

describe("reserveTokens", () => {
  it("P28 holds tokens with where they came from and whose month they are", () => {
    const entry = reserve(ledgerWith({ monthly: 10, packs: 5, reserved: 3 }), 12);
    expect(entry).to.deep.include({
      amount: -12,
      monthly: 0,
      packs: 3,
      reserved: 15,
      hold: { monthly: 10, packs: 2, grantKey: "grant:march", expiresAt: EXPIRES_AT },
    });
  });
});

describe("settleReservation", () => {
  const settle = (last: LedgerEntry, used: number) => {
    const hold = last.hold ?? expect.fail("nothing is held");
    return settleReservation(last, hold, { key: "k", used, reason: null, now });
  };
  const held = reserve(ledgerWith({ monthly: 10, packs: 5 }), 12);
  const cases: [used: number, object][] = [
    [12, { kind: "commit", amount: 0, monthly: 0, packs: 3 }],
    [11, { kind: "commit", amount: 1, monthly: 0, packs: 4 }],
    [10, { kind: "commit", amount: 2, monthly: 0, packs: 5 }],
    [4, { kind: "commit", amount: 8, monthly: 6, packs: 5 }],
    [0, { kind: "release", amount: 12, monthly: 10, packs: 5 }],
  ];
  for (const [used, after] of cases) {
    it(`P28 with ${used} of 12 used gives the rest back to where it came from`, () => {
      const entry = settle(held, used);
      expect(entry).to.deep.include({ ...after, reserved: 0, expired: 0, key: "settle:k" });
      expect(usedTokens({ ...entry, previousHash: "", keyId: null, hash: "" })).to.equal(used);
    });
  }

  for (const months of [monthsWith("april", 50), null]) {
    it(`P25 lets monthly tokens expire under ${months?.current ?? "no month"}`, () => {
      const later = { ...held, months, monthly: 50 };
      const entry = settle(later, 4);
      expect(entry).to.deep.include({ amount: 2, expired: 6, monthly: 50, packs: 5 });
      expect(usedTokens({ ...entry, previousHash: "", keyId: null, hash: "" })).to.equal(4);
    });
  }

  it("P27 pays debt first with the pack tokens that come back", () => {
    const entry = settle({ ...held, packs: 0, debt: 1 }, 10);
    expect(entry).to.deep.include({ amount: 2, packs: 1, debt: 0 });
  });

  it("P28 holds the sum of its parts", () => {
    expect(heldTokens(held.hold ?? expect.fail("nothing is held"))).to.equal(12);
  });
});

describe("nextEntry", () => {
  const fact = { tenantId: TENANT, key: "k", kind: "pack", at: now } as const;
  const most = Number.MAX_SAFE_INTEGER;

  for (const balance of [{ monthly: -1 }, { packs: most + 1 }, { debt: 0.5 }, { reserved: -2 }]) {
    it(`P27, P30 refuses ${JSON.stringify(balance)}`, () => {
      expect(() => nextEntry(undefined, fact, balance)).to.throw(RangeError);
    });
  }

  it("P30 refuses a sum that is not exact", () => {
    expect(() => nextEntry(ledgerWith({ packs: most }), fact, { monthly: 1 })).to.throw(RangeError);
    expect(() => nextEntry(undefined, fact, { packs: most })).not.to.throw();
  });

  it("keeps what an entry does not change", () => {
    const last = ledgerWith({ seq: 7, monthly: 3, reserved: 2, halted: true });
    expect(nextEntry(last, fact, { packs: 1 })).to.deep.include({
      seq: 8,
      amount: 1,
      monthly: 3,
      reserved: 2,
      months: last.months,
      halted: true,
      hold: null,
      reason: null,
      source: null,
    });
  });
});

describe("requireTokens", () => {
  it("P27 lets positive safe integers pass and nothing else", () => {
    expect(requireTokens(1)).to.equal(1);
    expect(requireTokens(Number.MAX_SAFE_INTEGER)).to.equal(Number.MAX_SAFE_INTEGER);
    for (const tokens of [0, -1, 0.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(() => requireTokens(tokens), String(tokens)).to.throw(RangeError);
    }
  });
});
