import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";

const DOWN = new PortError("Cannot list subscriptions: rate limited", { transient: true });

describe("HandleDueEvents", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addSubscriber();
  });

  async function handled(limit = 10, billing = fixture.billing) {
    const events = await billing.handleDueEvents.execute({ limit });
    return events.map(({ eventId }) => eventId);
  }

  it("P03 picks up an event that was stored and never handled", async () => {
    await fixture.receive();
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds + 1);
    const done = { type: "settled", outcome: { state: "done" } };
    expect(await fixture.billing.handleDueEvents.execute({ limit: 10 })).to.deep.equal([
      { eventId: "evt_one", outcome: done },
    ]);
    expect((await fixture.ledger()).map(({ amount }) => amount)).to.deep.equal([300]);
    expect(await handled()).to.deep.equal([]);
  });

  it("P03 leaves a new event to the delivery that brought it", async () => {
    await fixture.receive();
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds - 1);
    expect(await handled()).to.deep.equal([]);
  });

  it("P08 runs a failed event again when it is due, not earlier", async () => {
    await fixture.receive();
    fixture.payments.before("read", () => Promise.reject(DOWN));
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_one" });
    fixture.advance(SETTINGS.eventRetryBaseMs / 2 - 1);
    expect(await handled()).to.deep.equal([]);
    fixture.advance(SETTINGS.eventRetryBaseMs);
    expect(await handled()).to.deep.equal(["evt_one"]);
    expect((await fixture.store.inbox.find("evt_one"))?.state).to.equal("done");
  });

  it("P08 leaves a dead event to an operator", async () => {
    await fixture.receive();
    for (let attempt = 1; attempt <= SETTINGS.eventMaxAttempts; attempt += 1) {
      fixture.payments.before("read", () => Promise.reject(DOWN));
      await fixture.billing.handleStripeEvent.execute({ eventId: "evt_one" });
    }
    fixture.advance(365 * 86_400_000);
    expect(await handled()).to.deep.equal([]);
  });

  it("P10 takes over an event whose process died while handling it", async () => {
    await fixture.receive();
    const until = new Date(fixture.now.getTime() + 1_000 * SETTINGS.eventLeaseSeconds);
    await fixture.store.inbox.claim("evt_one", { token: "dead", now: fixture.now, until });
    fixture.advance(1_000 * SETTINGS.eventLeaseSeconds - 1);
    expect(await handled()).to.deep.equal([]);
    fixture.advance(2);
    expect(await handled()).to.deep.equal(["evt_one"]);
  });

  it("P08 goes on with the next event after one that fails", async () => {
    await fixture.receive({ id: "evt_a" });
    fixture.advance(1);
    await fixture.receive({ id: "evt_b" });
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds + 1);
    fixture.payments.before("read", () => Promise.reject(DOWN));
    const events = await fixture.billing.handleDueEvents.execute({ limit: 10 });
    expect(
      events.map(({ eventId, outcome }) =>
        outcome.type === "settled" ? [eventId, outcome.outcome.state] : [eventId, outcome.type],
      ),
    ).to.deep.equal([
      ["evt_a", "failed"],
      ["evt_b", "done"],
    ]);
  });

  it("P08 handles no more than it was asked to, the longest waiting first", async () => {
    for (const id of ["evt_c", "evt_a", "evt_b"]) {
      await fixture.receive({ id });
      fixture.advance(1);
    }
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds);
    expect(await handled(2)).to.deep.equal(["evt_c", "evt_a"]);
    expect(await handled(2)).to.deep.equal(["evt_b"]);
  });

  it("P08 has as many events in hand at once as it is allowed to, never more", async () => {
    for (let index = 0; index < 9; index += 1) {
      await fixture.addCustomer(`cus_${index}`, `tenant_${index}`);
      await fixture.receive({ id: `evt_${index}`, customerId: `cus_${index}` });
      fixture.advance(1);
    }
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds);
    let inHand = 0;
    let most = 0;
    const billing = fixture.process({
      store: {
        ...fixture.store,
        accounts: {
          find: async (tenantId) => {
            inHand += 1;
            most = Math.max(most, inHand);
            await new Promise((resolve) => setImmediate(resolve));
            inHand -= 1;
            return await fixture.store.accounts.find(tenantId);
          },
          findByCustomer: (customerId) => fixture.store.accounts.findByCustomer(customerId),
          save: (account) => fixture.store.accounts.save(account),
          list: (page) => fixture.store.accounts.list(page),
        },
      },
    });
    expect(await handled(9, billing)).to.have.length(9);
    expect(most).to.equal(SETTINGS.workerConcurrency);
  });

  it("P08 begins no further event when the inbox fails, and says so at the end", async () => {
    for (const id of ["evt_1", "evt_2", "evt_3", "evt_4", "evt_5", "evt_6"]) {
      await fixture.receive({ id });
    }
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds + 1);
    let claims = 0;
    const inbox = new Proxy(fixture.store.inbox, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (name === "claim") {
          claims += 1;
          return () => Promise.reject(DOWN);
        }
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const billing = fixture.process({ store: { ...fixture.store, inbox } });
    expect(await handled(9, billing).catch((error: unknown) => error)).to.equal(DOWN);
    expect(claims).to.equal(SETTINGS.workerConcurrency);
  });

  it("P08 an event that cannot be read keeps none of the others waiting, and is told", async () => {
    const ids = ["evt_1", "evt_2", "evt_3", "evt_4", "evt_5", "evt_6"];
    for (const id of ids) {
      await fixture.receive({ id });
      fixture.advance(1);
    }
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds + 1);
    const unreadable = new PortError("Cannot read the event", { transient: false });
    const { store } = fixture;
    const claim: typeof store.inbox.claim = (id, lease) =>
      id < "evt_5" ? Promise.reject(unreadable) : store.inbox.claim(id, lease);
    const inbox = new Proxy(store.inbox, {
      get(target, name) {
        const member: unknown = name === "claim" ? claim : Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const billing = fixture.process({ store: { ...fixture.store, inbox } });
    expect(await handled(9, billing).catch((error: unknown) => error)).to.equal(unreadable);
    const states = await Promise.all(ids.map((id) => fixture.store.inbox.find(id)));
    expect(states.map((found) => found?.state)).to.deep.equal([
      ...Array.from({ length: 4 }, () => "received"),
      "done",
      "done",
    ]);
  });

  it("P04 handles every event once when several processes work at the same time", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `evt_${index}`);
    for (const id of ids) {
      await fixture.receive({ id });
    }
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds + 1);
    const runs = await Promise.all(
      Array.from({ length: 3 }, () => fixture.process().handleDueEvents.execute({ limit: 50 })),
    );
    const settled = runs.flat().filter(({ outcome }) => outcome.type === "settled");
    expect(settled.map(({ eventId }) => eventId).sort()).to.deep.equal(ids.toSorted());
    expect(await fixture.ledger()).to.have.length(1);
  });
});
