import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { inTurn } from "../../../src/application/in_turn.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { TokenLedgerStore } from "../../../src/application/ports/tokens/token_ledger_store.ts";
import { AppendToLedger } from "../../../src/application/tokens/append_to_ledger.ts";
import { NO_LEDGER_KEYS } from "../../../src/domain/tokens/ledger_keys.ts";
import {
  type LedgerEntry,
  nextEntry,
  type UnsealedEntry,
} from "../../../src/domain/tokens/token_ledger.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

const now = at("2026-03-15");

/** The entry that adds tokens to the packs. */
function plus(last: LedgerEntry | undefined, key: string, tokens = 1): UnsealedEntry {
  const fact = { tenantId: TENANT, key, kind: "pack", at: now } as const;
  return nextEntry(last, fact, { packs: (last?.packs ?? 0) + tokens });
}

/** Appends as a store does that moves no head in the same step. */
const leaveHead = async () => "head_left" as const;

describe("AppendToLedger", () => {
  const store = openSqliteStore(":memory:");
  after(() => store.close());
  let tenants = 0;
  let tenantId: string;
  beforeEach(() => {
    tenants += 1;
    tenantId = `${TENANT}_${tenants}`;
  });

  /** The store's ledger with every call counted, and changed as told. */
  function counted(changes: Partial<TokenLedgerStore> = {}) {
    const calls: string[] = [];
    const ledger = new Proxy(store.ledger, {
      get:
        (target, name: keyof TokenLedgerStore) =>
        (...args: never[]) => {
          calls.push(name);
          const method = (changes[name] ?? target[name]) as (...all: never[]) => unknown;
          return method.apply(target, args);
        },
    });
    const { reservations } = store;
    const ports = { ledger, reservations, ledgerTurns: inTurn(), ledgerKeys: NO_LEDGER_KEYS };
    const append = new AppendToLedger({ ...ports, followHead: () => undefined });
    calls.length = 0;
    return { calls, append };
  }

  const forTenant = (entry: UnsealedEntry) => ({ append: { ...entry, tenantId } });

  it("P30 appends what was decided with one insert, chained to the last that it has read or made", async () => {
    const { append, calls } = counted();
    await append.execute({ tenantId, decide: (last) => forTenant(plus(last, "a")) });
    const outcome = await append.execute({
      tenantId,
      decide: (last) => forTenant(plus(last, "b")),
    });
    expect(calls).to.deep.equal(["last", "append", "append"]);
    expect(outcome.type).to.equal("appended");
    const [second, first] = await store.ledger.list(tenantId, { limit: 9 });
    expect(second).to.deep.include({ seq: 2, packs: 2, previousHash: first?.hash });
    expect(outcome).to.deep.include({ entry: second });
  });

  it("P30 reads anew what others have appended, or changed, since its own last entry", async () => {
    const { append, calls } = counted();
    const [one, other] = [append, counted().append];
    const byOne = () => one.execute({ tenantId, decide: (last) => forTenant(plus(last, "a")) });
    await one.execute({ tenantId, decide: (last) => forTenant(plus(last, "first")) });
    await other.execute({ tenantId, decide: (last) => forTenant(plus(last, "b", 10)) });
    expect(await byOne()).to.have.property("type", "appended");
    expect(calls).to.deep.equal(["last", "append", "append", "last", "append"]);
    expect(await store.ledger.last(tenantId)).to.include({ seq: 3, packs: 12 });
  });

  it("P30 declines nothing by an entry that it has not read", async () => {
    const { append, calls } = counted();
    await append.execute({ tenantId, decide: (last) => forTenant(plus(last, "a")) });
    const seen: (number | undefined)[] = [];
    const decide = (last: LedgerEntry | undefined) => {
      seen.push(last?.seq);
      return { decline: "because" };
    };
    expect(await append.execute({ tenantId, decide })).to.have.property("type", "declined");
    expect([seen, calls]).to.deep.equal([
      [1, 1],
      ["last", "append", "last"],
    ]);
  });

  it("answers why nothing was appended", async () => {
    const { append, calls } = counted();
    const outcome = await append.execute({ tenantId, decide: () => ({ decline: "because" }) });
    expect(outcome).to.deep.equal({ type: "declined", answer: "because", last: undefined });
    expect(calls).to.deep.equal(["last"]);
  });

  it("P23 answers the entry that recorded the fact before", async () => {
    const { append } = counted();
    const decide = (last: LedgerEntry | undefined) => forTenant(plus(last, "a"));
    const first = await append.execute({ tenantId, decide });
    const again = await append.execute({ tenantId, decide });
    expect(first.type).to.equal("appended");
    expect(again).to.deep.equal({ ...first, type: "recorded" });
  });

  it("P27 decides anew when another process appended meanwhile", async () => {
    const slow = counted();
    const fast = counted();
    const seen: (number | undefined)[] = [];
    await slow.append.execute({
      tenantId,
      decide: async (last) => {
        seen.push(last?.seq);
        if (seen.length === 1) {
          await fast.append.execute({ tenantId, decide: (other) => forTenant(plus(other, "b")) });
        }
        return forTenant(plus(last, "a"));
      },
    });
    expect(seen).to.deep.equal([undefined, 1]);
    expect(await store.ledger.last(tenantId)).to.deep.include({ seq: 2, packs: 2 });
  });

  it("lets the appends of one process to one ledger wait for each other", async () => {
    const { append, calls } = counted();
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        append.execute({ tenantId, decide: (last) => forTenant(plus(last, `key:${index}`)) }),
      ),
    );
    expect(calls).to.have.length(201);
    expect(await store.ledger.last(tenantId)).to.deep.include({ seq: 200, packs: 200 });
  });

  it("goes on after a decision that failed", async () => {
    const { append } = counted();
    const failing = append.execute({
      tenantId,
      decide: () => Promise.reject(new RangeError("no")),
    });
    const next = append.execute({ tenantId, decide: (last) => forTenant(plus(last, "a")) });
    expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    expect((await next).type).to.equal("appended");
  });

  it("P08 gives up, to be tried again, when it always loses", async () => {
    const { append } = counted({ append: async () => "seq_taken" as const });
    const error = await append
      .execute({ tenantId, decide: (last) => forTenant(plus(last, "a")) })
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PortError).with.property("transient", true);
  });

  it("P08 fails, to be tried again, when a recorded entry cannot be read", async () => {
    const { append } = counted({
      append: async () => "key_taken" as const,
      find: async () => undefined,
    });
    const error = await append
      .execute({ tenantId, decide: (last) => forTenant(plus(last, "a")) })
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PortError).with.property("transient", true);
  });

  it("P28 moves the head and announces, whatever becomes of the reminder afterwards", async () => {
    const done: string[] = [];
    const failure = new PortError("Cannot drop the reminder", { transient: true });
    const append = new AppendToLedger({
      ledger: { last: async () => undefined, find: async () => undefined, append: leaveHead },
      reservations: { keep: async () => undefined, drop: () => Promise.reject(failure) },
      ledgerTurns: inTurn(),
      ledgerKeys: NO_LEDGER_KEYS,
      followHead: ({ to }) => done.push(`head ${to.seq}`),
      announce: (announced) => done.push(`news of ${announced.tenantId}`),
    });
    const decide = () => ({
      ...forTenant(plus(undefined, "a")),
      reminder: { type: "drop" as const, tenantId, key: "a" },
    });
    const failed = await append.execute({ tenantId, decide }).catch((error: unknown) => error);
    expect(failed).to.equal(failure);
    expect(done).to.deep.equal(["head 1", `news of ${tenantId}`]);
  });
});
