import { expect } from "chai";
import type { EventInbox } from "../../src/application/ports/events/event_inbox.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { fullEvent, handle, LEASE_MS, lease, OUTCOMES } from "../samples/events.ts";
import { type Current, it } from "./contract_subject.ts";

/** Declares what an `EventInbox` promises about `settle`; part of `eventInboxContract`. */
export function describeSettle(current: Current<EventInbox>): void {
  for (const outcome of OUTCOMES) {
    it(`settle records that the event is ${outcome.state}`, async () => {
      const { store, another } = current();
      await store.receive(fullEvent("evt_1"), afterNow(-7));
      await store.claim("evt_1", lease("a"));
      expect(await store.settle("evt_1", "a", outcome)).to.equal(true);
      expect(await another.find("evt_1")).to.deep.equal({
        event: fullEvent("evt_1"),
        state: outcome.state,
        attempts: 1,
        reason: outcome.state === "done" ? null : outcome.reason,
        receivedAt: afterNow(-7),
        nextAttemptAt: outcome.state === "failed" ? outcome.nextAttemptAt : null,
      });
    });
  }

  it("P10 settle with a lost claim answers false and changes nothing", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    await store.claim("evt_1", lease("stalled"));
    const taken = await another.claim("evt_1", lease("b", afterNow(LEASE_MS)));
    for (const outcome of OUTCOMES) {
      expect(await store.settle("evt_1", "stalled", outcome)).to.equal(false);
    }
    expect(await store.find("evt_1")).to.deep.equal(taken);
    expect(await another.settle("evt_1", "b", { state: "done" })).to.equal(true);
    expect(await store.settle("evt_1", "stalled", { state: "dead", reason: "" })).to.equal(false);
    expect((await store.find("evt_1"))?.state).to.equal("done");
  });

  it("settle by the holder counts after its lease ran out, while nobody took over", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    await store.claim("evt_1", lease("slow"));
    const later = { now: afterNow(9 * LEASE_MS), receivedBefore: NOW, limit: 1 };
    expect(await another.due(later)).to.deep.equal(["evt_1"]);
    expect(await store.settle("evt_1", "slow", { state: "done" })).to.equal(true);
    expect(await another.claim("evt_1", lease("b", afterNow(9 * LEASE_MS)))).to.equal(undefined);
  });

  it("settle answers false for events that nobody holds", async () => {
    const { store } = current();
    expect(await store.settle("evt_1", "a", { state: "done" })).to.equal(false);
    await store.receive(fullEvent("evt_1"), NOW);
    for (const token of ["a", "", "null"]) {
      expect(await store.settle("evt_1", token, { state: "done" })).to.equal(false);
    }
    expect((await store.find("evt_1"))?.state).to.equal("received");
  });

  it("settle ends the claim: the same token does not settle again", async () => {
    const { store } = current();
    await handle(store, "evt_1", { state: "unmatched", reason: "it names no tenant" });
    const before = await store.find("evt_1");
    expect(await store.settle("evt_1", "first", { state: "done" })).to.equal(false);
    expect(await store.find("evt_1")).to.deep.equal(before);
  });

  it("settle with the token of another event answers false", async () => {
    const { store } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    await store.receive(fullEvent("evt_2"), NOW);
    await store.claim("evt_1", lease("a"));
    await store.claim("evt_2", lease("b"));
    expect(await store.settle("evt_1", "b", { state: "done" })).to.equal(false);
    expect(await store.settle("evt_2", "a", { state: "done" })).to.equal(false);
  });
}
