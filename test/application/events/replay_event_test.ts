import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const DOWN = new PortError("Cannot list subscriptions: rate limited", { transient: true });

describe("ReplayEvent", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addSubscriber();
    await fixture.receive();
  });

  const replay = (eventId = "evt_one") => fixture.billing.replayEvent.execute({ eventId });

  it("P08 runs a dead event again, with all its attempts before it", async () => {
    for (let attempt = 1; attempt <= SETTINGS.eventMaxAttempts; attempt += 1) {
      fixture.payments.before("read", () => Promise.reject(DOWN));
      await fixture.billing.handleStripeEvent.execute({ eventId: "evt_one" });
    }
    expect((await fixture.store.inbox.find("evt_one"))?.state).to.equal("dead");
    fixture.payments.before("read", () => Promise.reject(DOWN));
    const failed = await replay();
    expect(failed).to.have.nested.property("event.state", "failed");
    expect(failed).to.have.nested.property("event.attempts", 1);
    expect(await replay()).to.have.nested.property("event.state", "done");
    expect((await fixture.ledger()).map(({ amount }) => amount)).to.deep.equal([300]);
  });

  it("P05 runs a finished event again, and its effects do not double", async () => {
    await replay();
    const before = await fixture.ledger();
    expect(await replay()).to.have.nested.property("event.state", "done");
    expect(await fixture.ledger()).to.deep.equal(before);
  });

  it("P05 heals what happened at Stripe while events were lost", async () => {
    await replay();
    const subscription = { ...sampleSubscription(), cancelAtPeriodEnd: true };
    fixture.payments.setTruth("cus_one", {
      subscriptions: [subscription],
      invoices: [sampleInvoice()],
    });
    await replay();
    expect((await fixture.account())?.subscription?.cancelAt).to.be.instanceOf(Date);
  });

  it("P10 leaves an event to whoever handles it, and takes over from the dead", async () => {
    const until = new Date(fixture.now.getTime() + 1_000 * SETTINGS.eventLeaseSeconds);
    await fixture.store.inbox.claim("evt_one", { token: "other", now: fixture.now, until });
    expect(await replay()).to.deep.equal({ type: "in_progress" });
    fixture.advance(1_000 * SETTINGS.eventLeaseSeconds);
    expect(await replay()).to.have.nested.property("event.state", "done");
  });

  it("P03 leaves an event to the worker when it crashes before it is handled", async () => {
    const crashed = fixture.process({
      store: { ...fixture.store, inbox: crashing(fixture.store.inbox) },
    });
    await replay();
    const error = await crashed.replayEvent
      .execute({ eventId: "evt_one" })
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PortError);
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds + 1);
    const handled = await fixture.billing.handleDueEvents.execute({ limit: 9 });
    expect(handled.map(({ eventId }) => eventId)).to.deep.equal(["evt_one"]);
  });

  it("P38 tells in the tenant's audit trail who asked for it, and what the event was before", async () => {
    await replay();
    const cause = { type: "operator", name: "Ada" } as const;
    const { causes, replayEvent } = fixture.billing;
    await causes.run(cause, () => replayEvent.execute({ eventId: "evt_one" }));
    const entries = await fixture.store.audit.list(TENANT, { limit: 9 });
    const noted = entries.filter(({ cause: { type } }) => type === "operator");
    expect(noted.map(({ cause: by, fields }) => ({ by, fields }))).to.deep.equal([
      { by: cause, fields: [{ field: "events.evt_one.state", before: "done", after: "received" }] },
    ]);
  });

  it("answers that an event is unknown", async () => {
    expect(await replay("evt_other")).to.deep.equal({ type: "unknown" });
  });

  function crashing(inbox: typeof fixture.store.inbox): typeof fixture.store.inbox {
    return new Proxy(inbox, {
      get(target, name) {
        if (name === "claim") {
          return () => Promise.reject(new PortError("Cannot claim: gone", { transient: true }));
        }
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  }
});
