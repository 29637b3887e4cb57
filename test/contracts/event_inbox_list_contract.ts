import { expect } from "chai";
import type {
  EventInbox,
  EventListing,
  InboxEvent,
} from "../../src/application/ports/events/event_inbox.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { fullEvent, handle, LEASE_MS, lease, OUTCOMES, waitingEvent } from "../samples/events.ts";
import { type Current, it } from "./contract_subject.ts";

/** Declares what an `EventInbox` promises about `list` and `count`; part of `eventInboxContract`. */
export function describeList(current: Current<EventInbox>): void {
  async function ids(listing: EventListing): Promise<string[]> {
    return (await current().another.list(listing)).map(({ event }) => event.id);
  }

  it("list begins with the newest, of equal ones with the greater id", async () => {
    const { store } = current();
    expect(await ids({ limit: 9 })).to.deep.equal([]);
    for (const [id, ms] of [
      ["evt_b", 5],
      ["evt_c", 5],
      ["evt_z", -1],
      ["evt_a", 9],
    ] as const) {
      await store.receive(fullEvent(id), afterNow(ms));
    }
    const all = ["evt_a", "evt_c", "evt_b", "evt_z"];
    for (const limit of [0, 1, 3, 4, 5]) {
      expect(await ids({ limit }), `limit ${limit}`).to.deep.equal(all.slice(0, limit));
    }
  });

  it("list answers every field, as find does", async () => {
    const { store } = current();
    for (const outcome of OUTCOMES) {
      await handle(store, `evt_${outcome.state}`, outcome);
    }
    for (const listed of await store.list({ limit: 9 })) {
      expect(listed).to.deep.equal(await store.find(listed.event.id));
    }
  });

  it("list pages through events of one instant and of others, each once", async () => {
    const { store } = current();
    for (let index = 0; index < 12; index += 1) {
      await store.receive(fullEvent(`evt_${index}`), afterNow(Math.floor(index / 4)));
    }
    const whole = await store.list({ limit: 99 });
    expect(whole).to.have.length(12);
    for (const limit of [1, 3, 5]) {
      const paged: InboxEvent[] = [];
      for (let page = await store.list({ limit }); page.length > 0; ) {
        paged.push(...page);
        const last = paged.at(-1) as InboxEvent;
        const after = { receivedAt: last.receivedAt, eventId: last.event.id };
        page = await store.list({ limit, after });
      }
      expect(paged, `limit ${limit}`).to.deep.equal(whole);
    }
  });

  it("list keeps to a state, to a type, and to both, on every page", async () => {
    const { store } = current();
    for (const [index, type] of ["a", "b", "a", "b", "a"].entries()) {
      await store.receive(fullEvent(`evt_${index}`, { type }), afterNow(index));
    }
    for (const id of ["evt_2", "evt_3"]) {
      await store.claim(id, lease("x"));
      await store.settle(id, "x", { state: "dead", reason: "given up" });
    }
    expect(await ids({ state: "dead", limit: 9 })).to.deep.equal(["evt_3", "evt_2"]);
    expect(await ids({ type: "a", limit: 9 })).to.deep.equal(["evt_4", "evt_2", "evt_0"]);
    expect(await ids({ state: "dead", type: "a", limit: 9 })).to.deep.equal(["evt_2"]);
    expect(await ids({ state: "done", limit: 9 })).to.deep.equal([]);
    expect(await ids({ type: "A", limit: 9 })).to.deep.equal([]);
    const after = { receivedAt: afterNow(3), eventId: "evt_3" };
    expect(await ids({ state: "dead", after, limit: 9 })).to.deep.equal(["evt_2"]);
    expect(await ids({ type: "a", after, limit: 1 })).to.deep.equal(["evt_2"]);
    const first = { receivedAt: afterNow(0), eventId: "evt_0" };
    expect(await ids({ state: "received", type: "a", after: first, limit: 9 })).to.deep.equal([]);
  });

  it("count names every state", async () => {
    const { store, another } = current();
    const none = {
      dead: 0,
      failed: 0,
      unmatched: 0,
      received: 0,
      processing: 0,
      ignored: 0,
      done: 0,
    };
    expect(await store.count()).to.deep.equal(none);
    for (const outcome of OUTCOMES) {
      await handle(store, `evt_${outcome.state}`, outcome);
    }
    await handle(store, "evt_done_too", { state: "done" });
    await store.receive(fullEvent("evt_received"), NOW);
    await store.receive(fullEvent("evt_processing"), NOW);
    await store.claim("evt_processing", lease("a"));
    expect(await another.count()).to.deep.equal({
      dead: 1,
      failed: 1,
      unmatched: 1,
      received: 1,
      processing: 1,
      ignored: 1,
      done: 2,
    });
  });
}

/** Declares what an `EventInbox` promises about `requeue`; part of `eventInboxContract`. */
export function describeRequeue(current: Current<EventInbox>): void {
  for (const outcome of OUTCOMES) {
    it(`P05 requeue makes an event that is ${outcome.state} wait again, with no attempts`, async () => {
      const { store, another } = current();
      await handle(store, "evt_1", outcome);
      expect(await another.requeue("evt_1", afterNow(70_000))).to.equal(true);
      expect(await store.find("evt_1")).to.deep.equal(waitingEvent("evt_1"));
      const due = (ms: number) => store.due({ now: NOW, receivedBefore: afterNow(ms), limit: 9 });
      expect(await due(70_000)).to.deep.equal([]);
      expect(await due(70_001)).to.deep.equal(["evt_1"]);
      expect((await store.claim("evt_1", lease("b", afterNow(70_001))))?.attempts).to.equal(1);
      expect(await store.settle("evt_1", "b", { state: "done" })).to.equal(true);
    });
  }

  it("P10 requeue leaves an event alone that is in handling, and what is unknown", async () => {
    const { store, another } = current();
    expect(await store.requeue("evt_1", NOW)).to.equal(false);
    expect(await store.find("evt_1")).to.equal(undefined);
    await store.receive(fullEvent("evt_1"), NOW);
    const claimed = await store.claim("evt_1", lease("a"));
    expect(await another.requeue("evt_1", afterNow(9 * LEASE_MS))).to.equal(false);
    expect(await store.find("evt_1")).to.deep.equal(claimed);
    expect(await store.settle("evt_1", "a", { state: "done" })).to.equal(true);
  });
}

/** Declares what an `EventInbox` promises about `purge`; part of `eventInboxContract`. */
export function describePurge(current: Current<EventInbox>): void {
  it("purge removes what ended well and is old, and nothing that waits or is dead", async () => {
    const { store, another } = current();
    for (const outcome of OUTCOMES) {
      await handle(store, `evt_${outcome.state}`, outcome);
    }
    await store.receive(fullEvent("evt_received"), afterNow(-9));
    await store.receive(fullEvent("evt_processing"), afterNow(-9));
    await store.claim("evt_processing", lease("a"));
    expect(await store.purge({ receivedBefore: NOW, limit: 99 })).to.equal(0);
    expect(await store.purge({ receivedBefore: afterNow(1), limit: 0 })).to.equal(0);
    expect(await another.purge({ receivedBefore: afterNow(1), limit: 99 })).to.equal(3);
    const left = (await store.list({ limit: 99 })).map(({ event }) => event.id);
    expect(left).to.have.members(["evt_received", "evt_processing", "evt_failed", "evt_dead"]);
  });

  it("purge removes no more than its limit, and an event that comes again is new", async () => {
    const { store } = current();
    for (const id of ["evt_1", "evt_2", "evt_3"]) {
      await handle(store, id, { state: "done" });
    }
    const old = { receivedBefore: afterNow(1), limit: 2 };
    expect(await store.purge(old)).to.equal(2);
    expect(await store.purge(old)).to.equal(1);
    expect(await store.purge(old)).to.equal(0);
    expect(await store.receive(fullEvent("evt_1"), afterNow(2))).to.equal("received");
  });
}
