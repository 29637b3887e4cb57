import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { BillingEvent, EventOutcome } from "../../../src/domain/events/billing_event.ts";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleSubscription } from "../../samples/subscription.ts";

const DOWN = new PortError("Cannot list subscriptions: rate limited", { transient: true });

describe("HandleStripeEvent", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addSubscriber();
  });

  function handle(eventId = "evt_one", billing = fixture.billing) {
    return billing.handleStripeEvent.execute({ eventId });
  }

  async function stateOf(eventId = "evt_one") {
    return (await fixture.store.inbox.find(eventId))?.state;
  }

  it("P03, P04 activates the subscription and grants its tokens", async () => {
    await fixture.receive();
    expect(await handle()).to.deep.equal({ type: "settled", outcome: { state: "done" } });
    expect((await fixture.account())?.subscription?.planSlug).to.equal("pro");
    expect((await fixture.ledger()).map(({ amount }) => amount)).to.deep.equal([300]);
  });

  it("P04 has the effects of an event once, however many deliveries come at once", async () => {
    const processes = [fixture.billing, fixture.process(), fixture.process()];
    const outcomes = await Promise.all(
      Array.from({ length: 51 }, async (_, index) => {
        await fixture.receive();
        return await handle("evt_one", processes[index % 3]);
      }),
    );
    expect(outcomes.filter(({ type }) => type === "settled")).to.have.length(1);
    expect(fixture.payments.count("read")).to.equal(1);
    expect(await fixture.ledger()).to.have.length(1);
  });

  it("P05 leaves an event alone that is done", async () => {
    await fixture.receive();
    await handle();
    await fixture.receive();
    expect(await handle()).to.deep.equal({ type: "not_claimed" });
    expect(fixture.payments.count("read")).to.equal(1);
  });

  it("P05 runs an event again that failed, when it is delivered again", async () => {
    await fixture.receive();
    fixture.payments.before("read", () => Promise.reject(DOWN));
    expect(await handle()).to.deep.include({ type: "settled", error: DOWN });
    expect(await stateOf()).to.equal("failed");
    await fixture.receive();
    expect(await handle()).to.deep.equal({ type: "settled", outcome: { state: "done" } });
    expect(await fixture.ledger()).to.have.length(1);
  });

  it("P04 answers not_claimed for an event that nobody stored", async () => {
    expect(await handle("evt_unknown")).to.deep.equal({ type: "not_claimed" });
  });

  const ignored: [Partial<BillingEvent>, string][] = [
    [{ type: "charge.updated" }, 'type "charge.updated" is not handled'],
    [{ livemode: true }, "a live event reached a test deployment"],
    [{ connectedAccount: "acct_x" }, "it belongs to a connected account"],
    [{ customerId: null }, "it names no customer"],
  ];
  for (const [changes, reason] of ignored) {
    it(`P06 ignores an event because ${reason}`, async () => {
      await fixture.receive(changes);
      const outcome: EventOutcome = { state: "ignored", reason };
      expect(await handle()).to.deep.equal({ type: "settled", outcome });
      expect(fixture.payments.count("read")).to.equal(0);
      expect(await stateOf()).to.equal("ignored");
    });
  }

  const strangers: Record<string, { tenantId: string | null; deleted: boolean } | null> = {
    "another product": { tenantId: null, deleted: false },
    "nobody at the provider": null,
    "a tenant, but deleted": { tenantId: TENANT, deleted: true },
    "a tenant id that is none": { tenantId: "$where", deleted: false },
  };
  for (const [whose, customer] of Object.entries(strangers)) {
    it(`P07 matches no tenant for a customer of ${whose}`, async () => {
      if (customer !== null) {
        fixture.payments.customers.set("cus_two", customer);
      }
      await fixture.receive({ customerId: "cus_two" });
      const reason = 'customer "cus_two" belongs to no tenant';
      const outcome: EventOutcome = { state: "unmatched", reason };
      expect(await handle()).to.deep.equal({ type: "settled", outcome });
      expect((await fixture.account())?.customerId).to.equal("cus_one");
    });
  }

  it("P07 never moves a tenant to a second customer that carries its id", async () => {
    fixture.payments.customers.set("cus_two", { tenantId: TENANT, deleted: false });
    await fixture.receive({ customerId: "cus_two" });
    expect(await handle()).to.have.nested.property("outcome.state", "unmatched");
    expect((await fixture.account())?.customerId).to.equal("cus_one");
  });

  it("P07 links a customer again that was lost here", async () => {
    fixture.payments.customers.set("cus_lost", { tenantId: "tenant_two", deleted: false });
    await fixture.receive({ customerId: "cus_lost" });
    expect(await handle()).to.deep.equal({ type: "settled", outcome: { state: "done" } });
    expect((await fixture.account("tenant_two"))?.customerId).to.equal("cus_lost");
  });

  it("P05 matches an unmatched event once its customer is known", async () => {
    await fixture.receive({ customerId: "cus_late" });
    await handle();
    expect(await stateOf()).to.equal("unmatched");
    await fixture.addCustomer("cus_late", "tenant_late");
    expect(await handle()).to.have.nested.property("outcome.state", "done");
  });

  it("P08 retries with growing waits, then is dead, and can be revived", async () => {
    await fixture.receive();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= SETTINGS.eventMaxAttempts; attempt += 1) {
      fixture.payments.before("read", () => Promise.reject(DOWN));
      const handled = await handle();
      if (handled.type === "settled" && handled.outcome.state === "failed") {
        waits.push(handled.outcome.nextAttemptAt.getTime() - fixture.now.getTime());
      }
    }
    expect(waits).to.have.length(2);
    expect(waits[0]).to.be.within(500, 1_000);
    expect(waits[1]).to.be.within(1_000, 2_000);
    expect(await fixture.store.inbox.find("evt_one")).to.deep.include({
      state: "dead",
      reason: DOWN.message,
    });
    expect(await handle()).to.have.nested.property("outcome.state", "done");
  });

  it("P08 gives up an event whose every attempt was cut off", async () => {
    await fixture.receive();
    for (let attempt = 1; attempt <= SETTINGS.eventMaxAttempts; attempt += 1) {
      const lease = { token: `${attempt}`, now: fixture.now, until: fixture.now };
      expect(await fixture.store.inbox.claim("evt_one", lease)).to.have.property("state");
      fixture.advance(1);
    }
    const reason = "every attempt ended without an answer";
    const outcome: EventOutcome = { state: "dead", reason };
    expect(await handle()).to.deep.equal({ type: "settled", outcome });
    expect(fixture.payments.count("read")).to.equal(0);
  });

  it("P23 grants in the next attempt what failed after the account's save", async () => {
    await fixture.receive();
    const { ledger } = fixture.store;
    const failing = Object.assign(Object.create(ledger) as typeof ledger, {
      last: () => Promise.reject(DOWN),
    });
    const store = { ...fixture.store, ledger: failing };
    expect(await handle("evt_one", fixture.process({ store }))).to.deep.include({ error: DOWN });
    expect((await fixture.account())?.standing?.lines).to.have.length(1);
    expect(await fixture.ledger()).to.deep.equal([]);
    expect(await handle()).to.deep.equal({ type: "settled", outcome: { state: "done" } });
    expect((await fixture.ledger()).map(({ amount }) => amount)).to.deep.equal([300]);
  });

  it("P10 does not settle an event whose lease went to somebody else", async () => {
    await fixture.receive();
    const held = fixture.payments.hold("read");
    const stalled = handle();
    await held.reached;
    fixture.advance(1_000 * SETTINGS.eventLeaseSeconds + 1);
    expect(await handle("evt_one", fixture.process())).to.have.nested.property(
      "outcome.state",
      "done",
    );
    held.release();
    expect(await stalled).to.deep.equal({ type: "not_claimed" });
    expect(await stateOf()).to.equal("done");
    expect(await fixture.ledger()).to.have.length(1);
  });

  it("P08 records a failure that is no PortError as well", async () => {
    fixture.payments.setTruth("cus_one", { subscriptions: [sampleSubscription({ items: [] })] });
    await fixture.receive();
    await handle();
    expect(await fixture.store.inbox.find("evt_one")).to.deep.include({
      state: "failed",
      reason: 'Cannot read subscription "sub_one": it has no items',
    });
  });
});
