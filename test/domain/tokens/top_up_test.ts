import { expect } from "chai";
import type { LedgerEntry } from "../../../src/domain/tokens/token_ledger.ts";
import {
  beginTopUp,
  boughtInMonth,
  creditTopUp,
  isStillWanted,
  newTopUp,
  stopTopUp,
  type TopUp,
  withSettings,
} from "../../../src/domain/tokens/top_up.ts";
import { samplePack } from "../../samples/catalog.ts";
import { sampleEntry } from "../../samples/ledger.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
const NEXT_MONTH = new Date("2026-04-01T00:01:00Z");
const FIRST_MINUTE = new Date("2026-04-01T00:00:59Z");
const LAST_SECOND = new Date("2026-03-31T23:59:59Z");
const pack = samplePack("growth", 50_000, 2_000);
const SETTINGS = { enabled: true, belowTokens: 1_000, packSlug: "growth", maxPerMonth: 2 };
const topUp = withSettings(newTopUp("t_acme"), SETTINGS);

function spent(seq: number, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return sampleEntry(seq, {
    kind: "debit",
    monthly: 400,
    packs: 599,
    halted: false,
    ...changes,
  });
}

function begun(from: TopUp, entry: LedgerEntry | undefined, now = NOW) {
  return beginTopUp(from, entry, { pack, now })?.open?.seq;
}

describe("beginTopUp", () => {
  it("begins where an entry that spends leaves less than the threshold", () => {
    expect(begun(topUp, spent(8))).to.equal(8);
    expect(begun(topUp, spent(8, { kind: "reserve" }))).to.equal(8);
    expect(begun(topUp, spent(8, { packs: 600 }))).to.equal(undefined);
    expect(begun(topUp, undefined)).to.equal(undefined);
  });

  it("a supply is a crossing only where it leaves nothing", () => {
    for (const kind of ["grant", "pack", "reversal", "adjustment", "expire"] as const) {
      const amount = kind === "reversal" ? 10 : -10;
      expect(begun(topUp, spent(8, { kind, amount }))).to.equal(undefined);
      expect(begun(topUp, spent(8, { kind, amount, monthly: 0, packs: 0 })), kind).to.equal(8);
    }
  });

  it("a refund or dispute that leaves nothing stops it, until the tenant switches it on again", () => {
    const refund = spent(8, { kind: "reversal", amount: -999, monthly: 0, packs: 0 });
    const stopped = beginTopUp(topUp, refund, { pack, now: NOW }) ?? expect.fail("not stopped");
    expect(stopped).to.deep.include({ enabled: false, open: null });
    expect(stopped.stopped).to.include({ seq: 8, reason: "pack_refunded" });
    expect(begun(withSettings(stopped, SETTINGS), refund)).to.equal(8);
  });

  it("begins nothing while one is under way, for settled entries, or when it is off", () => {
    const open = beginTopUp(topUp, spent(8), { pack, now: NOW });
    expect(open && begun(open, spent(9))).to.equal(undefined);
    const credited = creditTopUp(open ?? expect.fail("none begun"), spent(9));
    expect(begun(credited, spent(9))).to.equal(undefined);
    expect(begun(credited, spent(10))).to.equal(10);
    expect(begun({ ...topUp, enabled: false }, spent(8))).to.equal(undefined);
    expect(begun(topUp, spent(8, { halted: true }))).to.equal(undefined);
  });

  it("begins no more in a month than the ceiling, by whichever clock", () => {
    const once = { ...topUp, month: "2026-03", bought: 1 };
    const twice = { ...topUp, month: "2026-03", bought: 2 };
    expect(begun(once, spent(8))).to.equal(8);
    expect(begun(twice, spent(8))).to.equal(undefined);
    expect(begun(twice, spent(8), NEXT_MONTH)).to.equal(8);
    const next = { ...topUp, month: "2026-04", bought: 2 };
    expect(begun(next, spent(8), NOW), "a clock that is behind").to.equal(undefined);
    expect(boughtInMonth(twice, NOW)).to.equal(2);
    expect(boughtInMonth(twice, NEXT_MONTH)).to.equal(0);
  });

  it("P29 what begins in one month and is credited in another counts in both", () => {
    const once = { ...topUp, month: "2026-03", bought: 1 };
    const open = beginTopUp(once, spent(8), { pack, now: LAST_SECOND }) ?? expect.fail("not begun");
    expect(boughtInMonth(open, LAST_SECOND)).to.equal(2);
    expect(boughtInMonth(open, FIRST_MINUTE)).to.equal(1);
    for (const at of [LAST_SECOND, FIRST_MINUTE, NEXT_MONTH]) {
      const credited = creditTopUp(open, { seq: 9, at });
      expect(credited).to.include({ month: "2026-04", bought: 1 });
      expect(begun(credited, spent(10), LAST_SECOND), "the old month has its packs").to.equal(
        undefined,
      );
      expect(begun(credited, spent(10), NEXT_MONTH)).to.equal(10);
    }
    const within = creditTopUp(open, { seq: 9, at: NOW });
    expect(within).to.include({ month: "2026-03", bought: 2 });
  });

  it("P29 in the first minute of a month, it may still be the one before", () => {
    const twice = { ...topUp, month: "2026-03", bought: 2 };
    expect(begun(twice, spent(8), FIRST_MINUTE)).to.equal(undefined);
    const once = { ...twice, bought: 1 };
    const open = beginTopUp(once, spent(8), { pack, now: FIRST_MINUTE });
    expect(open?.open).to.include({ seq: 8, month: "2026-03" });
  });

  it("stops where the pack is no longer offered", () => {
    for (const gone of [undefined, { ...pack, active: false }]) {
      const stopped = beginTopUp(topUp, spent(8), { pack: gone, now: NOW });
      expect(stopped).to.deep.include({ enabled: false, open: null });
      expect(stopped?.stopped?.reason).to.equal("pack_not_offered");
    }
  });
});

describe("stopTopUp", () => {
  it("leaves the crossing one, for when the tenant switches it on again", () => {
    const open = beginTopUp(topUp, spent(8), { pack, now: NOW }) ?? expect.fail("none begun");
    const facts = { seq: 8, packSlug: "growth", reason: "card_declined", now: NOW };
    const stopped = stopTopUp(open, facts);
    expect(begun(stopped, spent(8))).to.equal(undefined);
    const again = withSettings(stopped, SETTINGS);
    expect(again.stopped).to.equal(null);
    expect(begun(again, spent(8))).to.equal(8);
    expect(boughtInMonth(again, NOW)).to.equal(0);
  });
});

describe("isStillWanted", () => {
  const begun = beginTopUp(topUp, spent(8), { pack, now: NOW }) ?? expect.fail("none begun");
  const wanted = (changes: Partial<TopUp>, sold: Parameters<typeof isStillWanted>[1] = pack) =>
    isStillWanted({ ...begun, ...changes }, sold);

  it("P29 is what was begun until the tenant or the catalogue says otherwise", () => {
    expect(wanted({})).to.equal(true);
    expect(wanted({ belowTokens: 1 })).to.equal(true);
    expect(wanted({ enabled: false })).to.equal(false);
    expect(wanted({ packSlug: "another" })).to.equal(false);
    expect(wanted({}, { ...pack, priceId: "price_new" })).to.equal(false);
    expect(wanted({}, { ...pack, active: false })).to.equal(false);
    expect(isStillWanted(begun, undefined)).to.equal(false);
  });

  it("never goes beyond a ceiling that was lowered meanwhile", () => {
    expect(wanted({ bought: 1, maxPerMonth: 2 })).to.equal(true);
    expect(wanted({ bought: 1, maxPerMonth: 1 })).to.equal(false);
  });
});
