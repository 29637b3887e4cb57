import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { CompareStores } from "../../../src/application/installation/compare_stores.ts";
import { MoveStore } from "../../../src/application/installation/move_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import { NO_LEDGER_KEYS } from "../../../src/domain/tokens/ledger_keys.ts";
import { expectPortError } from "../../contracts/contract_subject.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { CONTENT_COUNTS, fillStore, TARGETS, TENANTS } from "./movable_content.ts";

const keys = { ledgerKeys: NO_LEDGER_KEYS };

const onProgress = () => undefined;

describe("MoveStore", () => {
  const from = useFresh(() => openSqliteStore(":memory:"));
  const to = useFresh(() => openSqliteStore(":memory:"));

  beforeEach(() => fillStore(from));

  async function expectTrueCopy(copy: MovableStore = to): Promise<void> {
    const comparison = await new CompareStores({ from, to: copy, ...keys }).execute({ onProgress });
    expect(comparison).to.deep.equal({ counts: CONTENT_COUNTS, problems: [] });
  }

  it("copies everything as it is, revisions and hashes included", async () => {
    expect(await new MoveStore({ from, to }).execute({ onProgress })).to.deep.equal(CONTENT_COUNTS);
    await expectTrueCopy();
    expect((await to.accounts.find("clacme0001"))?.revision).to.equal(3);
    expect((await to.catalog.read())?.revision).to.equal(2);
    expect((await to.emailUsage.find("t_gamma"))?.used).to.equal(7);
    expect((await to.ledger.last("t_gamma"))?.monthly).to.equal(1_000);
  });

  it("leaves the source as it was, so that it can be repeated, which changes nothing", async () => {
    const move = new MoveStore({ from, to });
    await move.execute({ onProgress });
    expect(await move.execute({ onProgress })).to.deep.equal(CONTENT_COUNTS);
    await expectTrueCopy();
    expect((await from.inbox.find("evt_claimed"))?.state).to.equal("processing");
  });

  it("a move that was interrupted at any write is completed by the next one", async () => {
    for (let failAt = 1; failAt <= 60; failAt += 1) {
      const copy = openSqliteStore(":memory:");
      const broken = failingAfter(copy, failAt);
      const outcome = await new MoveStore({ from, to: broken }).execute({ onProgress }).then(
        () => "done",
        (error: unknown) => error,
      );
      if (outcome === "done") {
        expect(failAt).to.be.greaterThan(20);
        return;
      }
      expect(outcome).to.be.instanceOf(PortError);
      await new MoveStore({ from, to: copy }).execute({ onProgress });
      await expectTrueCopy(copy);
      await copy.close();
    }
    expect.fail("the move makes fewer writes than that");
  });

  it("what is in the target stays as it is, and is found by the comparison", async () => {
    const account = (await from.accounts.find("clacme0001")) ?? expect.fail("it is there");
    await to.transfer.restoreAccount({ ...account, checkout: null });
    await new MoveStore({ from, to }).execute({ onProgress });
    expect((await to.accounts.find("clacme0001"))?.checkout).to.equal(null);
    const { problems } = await new CompareStores({ from, to, ...keys }).execute({ onProgress });
    expect(problems).to.deep.equal(["Account of clacme0001: it is not the same"]);
  });

  it("the copy goes on where the source was: revisions, ledgers, quotas, events", async () => {
    await new MoveStore({ from, to }).execute({ onProgress });
    for (const tenantId of TENANTS) {
      const usage = await to.emailUsage.consume(tenantId, { count: 93, now: NOW });
      expect(usage?.used).to.equal(100);
    }
    const later = { now: afterNow(999_999), receivedBefore: afterNow(999_999), limit: 9 };
    expect(await to.inbox.due(later)).to.deep.equal(["evt_new", "evt_claimed", "evt_failed"]);
  });

  it("P41 who was told stays told: no delivery is made twice, and those that wait are made", async () => {
    await new MoveStore({ from, to }).execute({ onProgress });
    expect((await to.notificationRecords.find("targets", "all"))?.content).to.equal(TARGETS);
    expect(await to.notificationRecords.find("told", "")).to.deep.equal({
      id: "",
      version: 1,
      content: '{"seq":0}',
    });
    const made: string[] = [];
    for (let claims = 0; claims < 9; claims += 1) {
      const at = { targetIds: ["whe_1"], now: afterNow(60_000), until: afterNow(120_000) };
      const claimed = await to.deliveries.claim(at);
      made.push(...(claimed === undefined ? [] : [`${claimed.id} ${claimed.attempts}`]));
    }
    expect(made).to.deep.equal(["whe_1/waiting 1", "whe_1/claimed 2"]);
    const { position, createdAt, lane } = (await to.deliveries.find("whe_1/done")) ?? expect.fail();
    const again = { id: "whe_1/done", targetId: "whe_1", lane, position, createdAt };
    const news = { ...again, type: "pack.bought", body: "{}" };
    expect(await to.deliveries.add(news)).to.equal("exists");
  });

  it("tells its progress by kind, with growing counts", async () => {
    const told: string[] = [];
    await new MoveStore({ from, to }).execute({
      onProgress: (kind, count) => told.push(`${kind} ${count}`),
    });
    expect(told).to.have.members([
      "catalog 1",
      "accounts 1",
      "auditEntries 1",
      "attention 1",
      "ledgerEntries 1",
      "reservations 1",
      "topUps 1",
      "emailUsage 1",
      "events 1",
      "notificationRecords 1",
      "deliveries 1",
    ]);
  });

  it("P08 fails as the store fails when one is out of reach", async () => {
    await to.close();
    await expectPortError(new MoveStore({ from, to }).execute({ onProgress }));
  });

  it("an empty store moves to an empty one", async () => {
    const empty = openSqliteStore(":memory:");
    const counts = await new MoveStore({ from: empty, to }).execute({ onProgress });
    expect(new Set(Object.values(counts))).to.deep.equal(new Set([0]));
    const comparison = await new CompareStores({ from: empty, to, ...keys }).execute({
      onProgress,
    });
    expect(comparison.problems).to.deep.equal([]);
    await empty.close();
  });
});

/** The store, whose writes fail from the one with that number on. */
function failingAfter(store: MovableStore, failAt: number): MovableStore {
  let writes = 0;
  const failing = <Port extends object>(port: Port, names: readonly string[]): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") {
          return value;
        }
        return (...parameters: unknown[]) => {
          writes += names.includes(String(name)) ? 1 : 0;
          return writes < failAt
            ? value.apply(target, parameters)
            : Promise.reject(new PortError("Cannot write: it broke", { transient: true }));
        };
      },
    });
  return {
    ...store,
    transfer: failing(store.transfer, [
      "restoreAccount",
      "restoreAttention",
      "restoreCatalog",
      "restoreDelivery",
      "restoreEvent",
      "restoreNotificationRecord",
    ]),
    ledger: failing(store.ledger, ["append"]),
    emailUsage: failing(store.emailUsage, ["refresh", "add"]),
    reservations: failing(store.reservations, ["keep"]),
  };
}
