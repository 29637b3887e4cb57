import { expect } from "chai";
import type { EventInbox } from "../../src/application/ports/events/event_inbox.ts";
import type { Current } from "./contract_subject.ts";
import { handle, LEASE_MS, lease, OUTCOMES } from "./inbox_samples.ts";
import { at, NOW, sampleEvent } from "./samples.ts";

const LONG_AFTER = { now: at(86_400_000), receivedBefore: at(86_400_000), limit: 99 };

/** Declares what an `EventInbox` promises about `due`; part of `eventInboxContract`. */
export function describeDue(current: Current<EventInbox>): void {
  it("due answers nothing while nothing waits", async () => {
    const { store } = current();
    expect(await store.due(LONG_AFTER)).to.deep.equal([]);
  });

  it("due names events received before a time, not at it", async () => {
    const { store, another } = current();
    await store.receive(sampleEvent("evt_1"), at(-10));
    expect(await another.due({ now: NOW, receivedBefore: at(-10), limit: 9 })).to.deep.equal([]);
    expect(await another.due({ now: NOW, receivedBefore: at(-9), limit: 9 })).to.deep.equal([
      "evt_1",
    ]);
    expect(await another.due({ now: at(-99), receivedBefore: at(-9), limit: 9 })).to.deep.equal([
      "evt_1",
    ]);
  });

  it("P08 due names failed events from the instant of their next attempt", async () => {
    const { store, another } = current();
    await handle(store, "evt_1", { state: "failed", reason: "busy", nextAttemptAt: at(500) });
    const receivedBefore = at(-1);
    expect(await another.due({ now: at(499), receivedBefore, limit: 9 })).to.deep.equal([]);
    expect(await another.due({ now: at(500), receivedBefore, limit: 9 })).to.deep.equal(["evt_1"]);
    expect(await another.due({ now: at(499), receivedBefore: at(999), limit: 9 })).to.deep.equal(
      [],
    );
  });

  it("P03 due names events in handling from the instant their lease ends", async () => {
    const { store, another } = current();
    await store.receive(sampleEvent("evt_1"), NOW);
    await store.claim("evt_1", lease("crashed"));
    const receivedBefore = at(-1);
    const before = { now: at(LEASE_MS - 1), receivedBefore, limit: 9 };
    expect(await another.due(before)).to.deep.equal([]);
    expect(await another.due({ ...before, receivedBefore: at(9 * LEASE_MS) })).to.deep.equal([]);
    expect(await another.due({ ...before, now: at(LEASE_MS) })).to.deep.equal(["evt_1"]);
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
    await store.receive(sampleEvent("evt_1"), NOW);
    expect(await due(at(1))).to.equal(1);
    await store.claim("evt_1", lease("a"));
    expect(await due(at(1))).to.equal(0);
    await store.settle("evt_1", "a", { state: "failed", reason: "busy", nextAttemptAt: at(9) });
    expect(await due(at(9))).to.equal(1);
    await store.claim("evt_1", lease("b", at(9)));
    expect(await due(at(LEASE_MS))).to.equal(0);
    await store.settle("evt_1", "b", { state: "dead", reason: "given up" });
    expect(await due(LONG_AFTER.now)).to.equal(0);
    await store.claim("evt_1", lease("c", at(99)));
    expect(await due(at(99 + LEASE_MS))).to.equal(1);
  });
}

/** Declares what `due` of an `EventInbox` puts first; part of `eventInboxContract`. */
export function describeDueOrder(current: Current<EventInbox>): void {
  it("due begins with the longest waiting, whatever its state", async () => {
    const { store } = current();
    const failed = { state: "failed", reason: "busy" } as const;
    await handle(store, "evt_5", { ...failed, nextAttemptAt: at(LEASE_MS + 1) });
    await store.receive(sampleEvent("evt_4"), at(-500));
    await store.claim("evt_4", lease("crashed"));
    await handle(store, "evt_3", { ...failed, nextAttemptAt: at(LEASE_MS - 1) });
    await store.receive(sampleEvent("evt_2"), at(-1));
    await store.receive(sampleEvent("evt_1"), at(-2));
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
      await store.receive(sampleEvent(`evt_new_${index}`), at(-100 + index));
    }
    const nextAttemptAt = at(-1);
    await handle(store, "evt_1", { state: "failed", reason: "busy", nextAttemptAt });
    expect(await store.due({ now: NOW, receivedBefore: at(-100), limit: 1 })).to.deep.equal([
      "evt_1",
    ]);
  });
}
