import { expect } from "chai";
import type { EventInbox, InboxEvent } from "../../src/application/ports/events/event_inbox.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { fullEvent, handle, LEASE_MS, lease, OUTCOMES } from "../samples/events.ts";
import { type Current, inParallel, it } from "./contract_subject.ts";

/** The event `evt_1` as it is stored when it is first claimed. */
const CLAIMED: InboxEvent = {
  event: fullEvent("evt_1"),
  state: "processing",
  attempts: 1,
  reason: null,
  receivedAt: afterNow(-7),
  nextAttemptAt: null,
};

/** Declares what an `EventInbox` promises about `claim`; part of `eventInboxContract`. */
export function describeClaim(current: Current<EventInbox>): void {
  it("claim takes a received event and answers it as it is stored", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), afterNow(-7));
    const claimed = await store.claim("evt_1", lease("a"));
    expect(claimed).to.deep.equal(CLAIMED);
    expect(await another.find("evt_1")).to.deep.equal(CLAIMED);
  });

  it("P10 receive with a lease claims what was not stored before, in the same step", async () => {
    const { store, another } = current();
    const { now: _, ...held } = lease("a");
    expect(await store.receive(fullEvent("evt_1"), afterNow(-7), held)).to.equal("claimed");
    expect(await another.find("evt_1")).to.deep.equal(CLAIMED);
    expect(await another.claim("evt_1", lease("b"))).to.equal(undefined);
    expect(await another.settle("evt_1", "b", { state: "done" })).to.equal(false);
    const { until: over } = lease("a");
    const due = { now: over, receivedBefore: over, limit: 9 };
    expect(await another.due({ ...due, now: afterNow(LEASE_MS - 1) })).to.deep.equal([]);
    expect(await another.due(due)).to.deep.equal(["evt_1"]);
    expect(await store.settle("evt_1", "a", { state: "done" })).to.equal(true);
    expect((await store.count()).done).to.equal(1);
  });

  it("P10 receive with a lease leaves an event alone that was stored before", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    const { now, ...held } = lease("a");
    expect(await another.receive(fullEvent("evt_1"), now, held)).to.equal("received");
    expect(await store.claim("evt_1", lease("b"))).to.include({ attempts: 1 });
    expect(await another.receive(fullEvent("evt_1"), now, held)).to.equal("processing");
    expect(await store.settle("evt_1", "a", { state: "done" })).to.equal(false);
    expect(await store.settle("evt_1", "b", { state: "done" })).to.equal(true);
    expect(await another.receive(fullEvent("evt_1"), now, held)).to.equal("done");
  });

  it("P10 of receipts with a lease at once, one claims", async () => {
    const { store, another } = current();
    const { now, ...held } = lease("a");
    const answers = await inParallel({ store, another }, 12, (connection, index) =>
      connection.receive(fullEvent("evt_1"), now, { ...held, token: `token ${index}` }),
    );
    expect(answers.filter((answer) => answer === "claimed")).to.have.length(1);
    const winner = `token ${answers.indexOf("claimed")}`;
    expect(await store.settle("evt_1", winner, { state: "done" })).to.equal(true);
  });

  it("claim answers undefined for an unknown event, stores nothing", async () => {
    const { store } = current();
    expect(await store.claim("evt_1", lease("a"))).to.equal(undefined);
    expect(await store.find("evt_1")).to.equal(undefined);
  });

  for (const outcome of OUTCOMES.filter(({ state }) => state === "done" || state === "ignored")) {
    it(`P04 claim answers undefined for an event that is ${outcome.state}`, async () => {
      const { store, another } = current();
      await handle(store, "evt_1", outcome);
      const before = await store.find("evt_1");
      expect(await another.claim("evt_1", lease("b", afterNow(86_400_000)))).to.equal(undefined);
      expect(await store.find("evt_1")).to.deep.equal(before);
    });
  }

  for (const now of [afterNow(1), afterNow(60_001), afterNow(99_999)]) {
    it(`P05 claim takes a failed event ${+now - +NOW} ms later, due or not`, async () => {
      const { store } = current();
      await handle(store, "evt_1", {
        state: "failed",
        reason: "Stripe answered 500",
        nextAttemptAt: afterNow(60_001),
      });
      const claimed = await store.claim("evt_1", lease("b", now));
      expect(claimed).to.deep.include({ state: "processing", attempts: 2 });
      expect(claimed).to.deep.include({ reason: null, nextAttemptAt: null });
    });
  }

  it("P05 claim takes an unmatched event and counts the attempt", async () => {
    const { store } = current();
    await handle(store, "evt_1", { state: "unmatched", reason: "it names no tenant" });
    const claimed = await store.claim("evt_1", lease("b"));
    expect(claimed).to.deep.include({ state: "processing", attempts: 2, reason: null });
  });
}

/** Declares how an `EventInbox` counts attempts; part of `eventInboxContract`. */
export function describeAttempts(current: Current<EventInbox>): void {
  it("P08 claim revives a dead event, and its attempts start again at 1", async () => {
    const { store } = current();
    await handle(store, "evt_1", OUTCOMES[3] ?? { state: "done" });
    await store.claim("evt_1", lease("b"));
    await store.settle("evt_1", "b", { state: "dead", reason: "given up" });
    expect(await store.find("evt_1")).to.deep.include({ state: "dead", attempts: 2 });
    const claimed = await store.claim("evt_1", lease("c"));
    expect(claimed).to.deep.include({ state: "processing", attempts: 1, reason: null });
  });

  it("claim counts every attempt of an event that keeps failing", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    for (let attempts = 1; attempts <= 12; attempts += 1) {
      const connection = attempts % 2 === 0 ? store : another;
      const claimed = await connection.claim("evt_1", lease(`token ${attempts}`));
      expect(claimed?.attempts).to.equal(attempts);
      await connection.settle("evt_1", `token ${attempts}`, OUTCOMES[3] ?? { state: "done" });
    }
  });

  it("claim takes one event and leaves the others", async () => {
    const { store } = current();
    for (const id of ["evt_1", "evt_10", "evt_2"]) {
      await store.receive(fullEvent(id), NOW);
    }
    await store.claim("evt_1", lease("a"));
    expect((await store.find("evt_10"))?.state).to.equal("received");
    expect((await store.find("evt_2"))?.state).to.equal("received");
  });
}

/** Declares what an `EventInbox` promises about leases; part of `eventInboxContract`. */
export function describeLease(current: Current<EventInbox>): void {
  it("P04 of 50 parallel claims of a new event exactly one succeeds", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    const claims = await inParallel({ store, another }, 50, (connection, index) =>
      connection.claim("evt_1", lease(`token ${index}`)),
    );
    expect(claims.filter((claim) => claim !== undefined)).to.have.length(1);
    expect((await store.find("evt_1"))?.attempts).to.equal(1);
    const winner = claims.findIndex((claim) => claim !== undefined);
    expect(await store.settle("evt_1", `token ${winner}`, { state: "done" })).to.equal(true);
  });

  it("P10 of 50 parallel claims after a lease ran out exactly one succeeds", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    await store.claim("evt_1", lease("crashed"));
    const claims = await inParallel({ store, another }, 50, (connection, index) =>
      connection.claim("evt_1", lease(`token ${index}`, afterNow(LEASE_MS))),
    );
    expect(claims.filter((claim) => claim !== undefined)).to.have.length(1);
    expect((await store.find("evt_1"))?.attempts).to.equal(2);
  });

  it("claim answers undefined while another holds the lease, to the last millisecond", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    const held = await store.claim("evt_1", lease("a"));
    for (const now of [NOW, afterNow(1), afterNow(LEASE_MS - 1), afterNow(-LEASE_MS)]) {
      expect(await another.claim("evt_1", lease("b", now))).to.equal(undefined);
    }
    expect(await store.claim("evt_1", lease("a"))).to.equal(undefined);
    expect(await store.find("evt_1")).to.deep.equal(held);
  });

  it("P10 claim takes over at the instant the lease ends, counts the attempt", async () => {
    const { store, another } = current();
    await store.receive(fullEvent("evt_1"), NOW);
    await store.claim("evt_1", lease("a"));
    const taken = await another.claim("evt_1", lease("b", afterNow(LEASE_MS)));
    expect(taken).to.deep.include({ state: "processing", attempts: 2 });
    expect(await store.claim("evt_1", lease("c", afterNow(2 * LEASE_MS - 1)))).to.equal(undefined);
    const next = await store.claim("evt_1", lease("c", afterNow(2 * LEASE_MS)));
    expect(next?.attempts).to.equal(3);
  });
}
