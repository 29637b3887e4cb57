import { expect } from "chai";
import { LedgerCheck, type LedgerVerdict } from "../../../src/application/tokens/ledger_check.ts";
import {
  beginningHead,
  type LedgerHead,
  MARK,
  sealHead,
} from "../../../src/domain/tokens/ledger_head.ts";
import {
  type LedgerKeys,
  ledgerKeys,
  NO_LEDGER_KEYS,
} from "../../../src/domain/tokens/ledger_keys.ts";
import { type LedgerEntry, nextEntry } from "../../../src/domain/tokens/token_ledger.ts";
import type { FoundEntry } from "../../../src/domain/tokens/token_ledger_check.ts";
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";
import { hmacSha256 } from "../../../src/kit/hmac.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

const KEYS = ledgerKeys([`2026:${"k".repeat(32)}`], hmacSha256);

/** A sound ledger: the first entries without a seal, the others with one. */
async function ledgerOf(plain: number, sealed: number): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let seq = 1; seq <= plain + sealed; seq += 1) {
    const last = entries.at(-1);
    const fact = { tenantId: TENANT, key: `pack:${seq}`, kind: "pack", at: at("2026-03-15") };
    const next = nextEntry(last, { ...fact, kind: "pack" }, { packs: seq });
    const key = seq > plain ? KEYS.sealing : null;
    entries.push(await sealEntry(next, last?.hash ?? "", key));
  }
  return entries;
}

async function check(
  entries: readonly FoundEntry[],
  head: LedgerHead | undefined,
  { keys = KEYS, mark }: { keys?: LedgerKeys; mark?: LedgerHead } = {},
): Promise<LedgerVerdict> {
  const checking = new LedgerCheck({ tenantId: TENANT, keys, head, mark });
  for (const entry of entries) {
    await checking.add(entry);
  }
  return checking.verdict();
}

/** The entry with a number. */
function nth(entries: readonly LedgerEntry[], seq: number): LedgerEntry {
  return entries[seq - 1] ?? expect.fail(`no entry ${seq}`);
}

describe("LedgerCheck", () => {
  it("P30 takes a head that lags for what a crash leaves, at every point of every append", async () => {
    for (const [plain, sealed] of [
      [0, 6],
      [3, 3],
    ] as const) {
      const entries = await ledgerOf(plain, sealed);
      for (let named = 0; named <= 6; named += 1) {
        const key = named > plain || plain === 0 ? KEYS.sealing : null;
        const head = named === 0 ? beginningHead(TENANT, key) : sealHead(nth(entries, named), key);
        for (let stored = named; stored <= 6; stored += 1) {
          const { problems, move } = await check(entries.slice(0, stored), head);
          const what = `${plain} plain, head ${named}, ${stored} stored`;
          expect(problems, what).to.deep.equal([]);
          expect(move?.to.seq ?? named, what).to.equal(stored);
        }
      }
    }
  });

  it("P30 finds every tail that was removed, and every ledger", async () => {
    const entries = await ledgerOf(2, 6);
    for (let named = 1; named <= 8; named += 1) {
      const head = sealHead(nth(entries, named), KEYS.sealing);
      for (let left = 0; left < named; left += 1) {
        const { problems, move } = await check(entries.slice(0, left), head);
        expect(problems.map(({ seq }) => seq)).to.deep.equal([left + 1]);
        expect(move).to.equal(null);
      }
    }
  });

  it("P30 gives a ledger of the previous release a head, as long as not all have one", async () => {
    const entries = await ledgerOf(3, 0);
    const { problems, move } = await check(entries, undefined);
    expect(problems).to.deep.equal([]);
    expect(move).to.deep.equal({
      from: null,
      to: sealHead(nth(entries, 3), KEYS.sealing),
    });
    for (const key of [null, KEYS.sealing]) {
      const mark = beginningHead(MARK, key);
      expect((await check(entries, undefined, { mark })).problems).to.have.length(1);
    }
  });

  it("P30 finds a head that lacks its seal, once all have one", async () => {
    const entries = await ledgerOf(3, 0);
    const head = sealHead(nth(entries, 3), null);
    expect((await check(entries, head)).move?.to.keyId).to.equal("2026");
    const mark = beginningHead(MARK, KEYS.sealing);
    expect((await check(entries, head, { mark })).problems).to.have.length(1);
  });

  it("P30 checks plain ledgers without keys as before, and finds their tails, too", async () => {
    const entries = await ledgerOf(4, 0);
    const head = sealHead(nth(entries, 4), null);
    const keys = NO_LEDGER_KEYS;
    expect(await check(entries, head, { keys })).to.deep.include({ problems: [], move: null });
    const cut = await check(entries.slice(0, 2), head, { keys });
    expect(cut.problems).to.deep.equal([{ seq: 3, message: "it was removed, and all up to 4" }]);
  });

  it("P30 goes on after what cannot be read, and blames no entry for its neighbour", async () => {
    const entries = await ledgerOf(0, 8);
    const head = sealHead(nth(entries, 8), KEYS.sealing);
    const broken = (seq: number | null) => ({ tenantId: TENANT, seq, fault: "it is broken" });
    const found = entries.map((entry) => ([3, 6].includes(entry.seq) ? broken(entry.seq) : entry));
    expect((await check(found, head)).problems).to.deep.equal([
      { seq: 3, message: "it cannot be read: it is broken" },
      { seq: 6, message: "it cannot be read: it is broken" },
    ]);
    const unnumbered = await check([...entries, broken(null), broken(null)], head);
    expect(unnumbered.problems.map(({ seq }) => seq)).to.deep.equal([9, 9]);
  });

  it("P30 names the first thousand problems and counts the rest", async () => {
    const [first] = await ledgerOf(0, 1);
    const others = Array.from({ length: 400 }, () => ({ ...nth([first ?? expect.fail()], 1) }));
    const { problems, more } = await check(others, undefined);
    expect(problems).to.have.length(1_000);
    expect(more).to.be.greaterThan(100);
  });
});
