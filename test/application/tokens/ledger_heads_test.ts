import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { LedgerHeadStore } from "../../../src/application/ports/tokens/ledger_head_store.ts";
import { LedgerHeads } from "../../../src/application/tokens/ledger_heads.ts";
import {
  beginningHead,
  headMove,
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
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";
import { hmacSha256 } from "../../../src/kit/hmac.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

const KEYS = ledgerKeys([`2026:${"k".repeat(32)}`], hmacSha256);
const ROTATED = ledgerKeys([`2027:${"n".repeat(32)}`, `2026:${"k".repeat(32)}`], hmacSha256);

describe("LedgerHeads", () => {
  const store = useFresh(() => openSqliteStore(":memory:"));

  /** Appends entries to the ledger and leaves the head behind, as a process does that dies. */
  async function append(count: number, keys: LedgerKeys): Promise<readonly LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    for (let number = 1; number <= count; number += 1) {
      const last = await store.ledger.last(TENANT);
      const key = `pack:${(last?.seq ?? 0) + 1}`;
      const fact = { tenantId: TENANT, key, kind: "pack", at: at("2026-03-15") } as const;
      const next = nextEntry(last, fact, { packs: (last?.packs ?? 0) + 1 });
      const entry = await sealEntry(next, last?.hash ?? "", keys.sealing);
      await store.ledger.append(entry);
      entries.push(entry);
    }
    return entries;
  }

  function heads(keys: LedgerKeys, changes: Partial<LedgerHeadStore> = {}) {
    const { ledger, ledgerHeads: kept } = store;
    const ledgerHeads: LedgerHeadStore = {
      read: (tenantId) => kept.read(tenantId),
      move: (move) => kept.move(move),
      put: (head) => kept.put(head),
      list: (page) => kept.list(page),
      ...changes,
    };
    return new LedgerHeads({ ledger, ledgerHeads, ledgerKeys: keys });
  }

  /** Follows the last append, and answers the head then. */
  async function followed(
    keys: LedgerKeys,
    following = heads(keys),
  ): Promise<LedgerHead | undefined> {
    const [entry, last] = await store.ledger.list(TENANT, { limit: 2 });
    following.follow(headMove(last, entry ?? expect.fail("no entry"), keys));
    await following.settle();
    return await store.ledgerHeads.read(TENANT);
  }

  it("P30 moves the head to the entry, with one call", async () => {
    const [first] = await append(1, KEYS);
    await store.ledgerHeads.put(beginningHead(TENANT, KEYS.sealing));
    const calls: string[] = [];
    const move: LedgerHeadStore["move"] = (asked) => {
      calls.push("move");
      return store.ledgerHeads.move(asked);
    };
    const read: LedgerHeadStore["read"] = () => expect.fail("nothing is read");
    const head = await followed(KEYS, heads(KEYS, { move, read }));
    expect(head).to.deep.equal(sealHead(first ?? expect.fail(), KEYS.sealing));
    expect(calls).to.deep.equal(["move"]);
  });

  for (const lag of [1, 5, 90]) {
    it(`P30 moves a head on that lags ${lag} behind, as processes left it that died`, async () => {
      await store.ledgerHeads.put(beginningHead(TENANT, KEYS.sealing));
      await append(3, KEYS);
      await followed(KEYS);
      await append(lag + 1, KEYS);
      expect((await followed(KEYS))?.seq).to.equal(4 + lag);
    });
  }

  it("P30 moves a head on over a change of keys", async () => {
    await store.ledgerHeads.put(beginningHead(TENANT, KEYS.sealing));
    await append(2, KEYS);
    await followed(KEYS);
    await append(2, ROTATED);
    expect(await followed(ROTATED)).to.include({ seq: 4, keyId: "2027" });
  });

  it("P30 seals the head of a ledger of the previous release, where it had one and where not", async () => {
    const [, second] = await append(2, NO_LEDGER_KEYS);
    await append(1, KEYS);
    await store.ledgerHeads.put(sealHead(second ?? expect.fail(), null));
    expect(await followed(KEYS)).to.include({ seq: 3, keyId: "2026" });
  });

  it("P30 leaves a head as it is that names another entry than the one there", async () => {
    const entries = await append(2, KEYS);
    const other = { ...(entries[1] ?? expect.fail()), hash: "other" };
    const head = sealHead(other, KEYS.sealing);
    await store.ledgerHeads.put(head);
    await append(1, KEYS);
    expect(await followed(KEYS)).to.deep.equal(head);
  });

  it("P30 leaves a head as it is whose seal is wrong", async () => {
    const [, second] = await append(2, KEYS);
    const head = { ...sealHead(second ?? expect.fail(), KEYS.sealing), seal: "other" };
    await store.ledgerHeads.put(head);
    await append(1, KEYS);
    expect(await followed(KEYS)).to.deep.equal(head);
  });

  it("P30 leaves a head as it is that an entry without a seal follows", async () => {
    const [first] = await append(1, KEYS);
    const head = sealHead(first ?? expect.fail(), KEYS.sealing);
    await store.ledgerHeads.put(head);
    await append(1, NO_LEDGER_KEYS);
    await append(1, KEYS);
    expect(await followed(KEYS)).to.deep.equal(head);
  });

  it("P30 leaves a head without a seal as it is, once every head had one", async () => {
    const [first] = await append(1, NO_LEDGER_KEYS);
    const head = sealHead(first ?? expect.fail(), null);
    await store.ledgerHeads.put(head);
    await store.ledgerHeads.put(beginningHead(MARK, KEYS.sealing));
    await append(1, KEYS);
    expect(await followed(KEYS)).to.deep.equal(head);
  });

  it("makes one move of all that wait for one that runs", async () => {
    await store.ledgerHeads.put(beginningHead(TENANT, KEYS.sealing));
    const entries = await append(20, KEYS);
    const moves: number[] = [];
    const move: LedgerHeadStore["move"] = async (asked) => {
      moves.push(asked.to.seq);
      return await store.ledgerHeads.move(asked);
    };
    const following = heads(KEYS, { move });
    for (const [index, entry] of entries.entries()) {
      following.follow(headMove(entries[index - 1], entry, KEYS));
    }
    await following.settle();
    expect(moves.at(-1)).to.equal(20);
    expect((await store.ledgerHeads.read(TENANT))?.seq).to.equal(20);
  });

  it("leaves what fails to the next append", async () => {
    await store.ledgerHeads.put(beginningHead(TENANT, KEYS.sealing));
    await append(1, KEYS);
    const move = () => Promise.reject(new PortError("Cannot move", { transient: true }));
    expect((await followed(KEYS, heads(KEYS, { move })))?.seq).to.equal(0);
    await append(1, KEYS);
    expect((await followed(KEYS))?.seq).to.equal(2);
  });

  it("P30 two processes that append in turn, and follow in any order, leave no lag", async () => {
    await store.ledgerHeads.put(beginningHead(TENANT, KEYS.sealing));
    const entries = await append(12, KEYS);
    const processes = [heads(KEYS), heads(KEYS)];
    for (const [index, entry] of [...entries.entries()].toReversed()) {
      processes[index % 2]?.follow(headMove(entries[index - 1], entry, KEYS));
    }
    await Promise.all(processes.map((process) => process.settle()));
    expect((await store.ledgerHeads.read(TENANT))?.seq).to.equal(12);
  });
});
