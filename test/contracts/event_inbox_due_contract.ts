import { expect } from "chai";
import type { EventInbox } from "../../src/application/ports/events/event_inbox.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { fullEvent, handle, LEASE_MS, lease, OUTCOMES } from "../samples/events.ts";
import { type Current, it } from "./contract_subject.ts";

const LONG_AFTER = { now: afterNow(86_400_000), receivedBefore: afterNow(86_400_000), limit: 99 };

/** Declares what an `EventInbox` promises about `due`; part of `eventInboxContract`. */
export function describeDue(current: Current<EventInbox>): void {
  it("due answers nothing while nothing waits", async () => {
    const { store } = current();
    expect(await store.due(LONG_AFTER)).to.deep.equal([]);
  });

  it("due names events received before a time, not at it", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), afterNow(-10));
    expect(await another.due({ now: NOW, receivedBefore: afterNow(-10), limit: 9 })).to.deep.equal(
      [],
    );
    expect(await another.due({ now: NOW, receivedBefore: afterNow(-9), limit: 9 })).to.deep.equal([
      "evt_1",
    ]);
    expect(
      await another.due({ now: afterNow(-99), receivedBefore: afterNow(-9), limit: 9 }),
    ).to.deep.equal(["evt_1"]);
  });

  it("P08 due names failed events from the instant of their next attempt", async () => {
    const { store, another } = current();
    await handle(store, "evt_1", { state: "failed", reason: "busy", nextAttemptAt: afterNow(500) });
    const receivedBefore = afterNow(-1);
    expect(await another.due({ now: afterNow(499), receivedBefore, limit: 9 })).to.deep.equal([]);
    expect(await another.due({ now: afterNow(500), receivedBefore, limit: 9 })).to.deep.equal([
      "evt_1",
    ]);
    expect(
      await another.due({ now: afterNow(499), receivedBefore: afterNow(999), limit: 9 }),
    ).to.deep.equal([]);
  });

  it("P03 due names events in handling from the instant their lease ends", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    await store.claim("evt_1", lease("crashed"));
    const receivedBefore = afterNow(-1);
    const before = { now: afterNow(LEASE_MS - 1), receivedBefore, limit: 9 };
    expect(await another.due(before)).to.deep.equal([]);
    expect(await another.due({ ...before, receivedBefore: afterNow(9 * LEASE_MS) })).to.deep.equal(
      [],
    );
    expect(await another.due({ ...before, now: afterNow(LEASE_MS) })).to.deep.equal(["evt_1"]);
  });

  it("due leaves out events that ended, whether well or dead", async () => {
    const { store } = current();
    for (const outcome of OUTCOMES) {
      await handle(store, `evt_${outcome.state}`, outcome);
    }
    expect(await store.due(LONG_AFTER)).to.deep.equal(["evt_failed"]);
  });

  it("due follows an event through its life", async () => {
    const { store } = current();
    const due = async (now: Date) =>
      (await store.due({ now, receivedBefore: now, limit: 9 })).length;
    await store.receive(fullEvent("evt_1"), NOW);
    expect(await due(afterNow(1))).to.equal(1);
    await store.claim("evt_1", lease("a"));
    expect(await due(afterNow(1))).to.equal(0);
    await store.settle("evt_1", "a", {
      state: "failed",
      reason: "busy",
      nextAttemptAt: afterNow(9),
    });
    expect(await due(afterNow(9))).to.equal(1);
    await store.claim("evt_1", lease("b", afterNow(9)));
    expect(await due(afterNow(LEASE_MS))).to.equal(0);
    await store.settle("evt_1", "b", { state: "dead", reason: "given up" });
    expect(await due(LONG_AFTER.now)).to.equal(0);
    await store.claim("evt_1", lease("c", afterNow(99)));
    expect(await due(afterNow(99 + LEASE_MS))).to.equal(1);
  });
}

/** Declares what `due` of an `EventInbox` puts first; part of `eventInboxContract`. */
export function describeDueOrder(current: Current<EventInbox>): void {
  it("due begins with the longest waiting, whatever its state", async () => {
    const { store } = current();
    const failed = { state: "failed", reason: "busy" } as const;
    await handle(store, "evt_5", { ...failed, nextAttemptAt: afterNow(LEASE_MS + 1) });
    await store.receive(fullEvent("evt_4"), afterNow(-500));
    await store.claim("evt_4", lease("crashed"));
    await handle(store, "evt_3", { ...failed, nextAttemptAt: afterNow(LEASE_MS - 1) });
    await store.receive(fullEvent("evt_2"), afterNow(-1));
    await store.receive(fullEvent("evt_1"), afterNow(-2));
    const ids = ["evt_1", "evt_2", "evt_3", "evt_4", "evt_5"];
    expect(await store.due(LONG_AFTER)).to.deep.equal(ids);
    for (const limit of [0, 1, 2, 4, 5, 6]) {
      const first = await store.due({ ...LONG_AFTER, limit });
      expect(first, `limit ${limit}`).to.deep.equal(ids.slice(0, limit));
    }
  });

  it("due fills its limit past events that do not wait yet", async () => {
    const { store } = current();
    for (let index = 0; index < 20; index += 1) {
      await store.receive(fullEvent(`evt_new_${index}`), afterNow(-100 + index));
    }
    const nextAttemptAt = afterNow(-1);
    await handle(store, "evt_1", { state: "failed", reason: "busy", nextAttemptAt });
    expect(await store.due({ now: NOW, receivedBefore: afterNow(-100), limit: 1 })).to.deep.equal([
      "evt_1",
    ]);
  });
}
