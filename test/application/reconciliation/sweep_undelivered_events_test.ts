import { expect } from "chai";
import { SweepUndeliveredEvents } from "../../../src/application/reconciliation/sweep_undelivered_events.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { sampleEvent } from "../../samples/events.ts";

describe("SweepUndeliveredEvents", () => {
  const fixture = useBilling();
  const signal = new AbortController().signal;

  beforeEach(async () => {
    await fixture.addCustomer();
    fixture.records.happened = ["evt_new", "evt_known", "evt_delivered"].map((id) =>
      sampleEvent({ id }),
    );
    fixture.records.undelivered.add("evt_new").add("evt_known");
    await fixture.receive({ id: "evt_known" });
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_known" });
  });

  function sweep(changes: { dryRun?: boolean; signal?: AbortSignal } = {}) {
    const { records, store, now } = fixture;
    const ports = { inbox: store.inbox, clock: () => now };
    return new SweepUndeliveredEvents(ports).execute({
      records,
      dryRun: false,
      signal,
      ...changes,
    });
  }

  it("P37 takes in what nobody delivered, which then goes the ordinary way", async () => {
    expect(await sweep()).to.equal(1);
    expect(await fixture.store.inbox.find("evt_new")).to.deep.include({ state: "received" });
    expect(await fixture.store.inbox.find("evt_delivered")).to.equal(undefined);
    fixture.advance(60_000);
    await fixture.billing.handleDueEvents.execute({ limit: 10 });
    expect(await fixture.store.inbox.find("evt_new")).to.deep.include({ state: "done" });
  });

  it("P05 leaves events alone that are known, and finds nothing the second time", async () => {
    await sweep();
    expect(await fixture.store.inbox.find("evt_known")).to.deep.include({ state: "done" });
    expect(await sweep()).to.equal(0);
  });

  it("P37 only counts in a dry run", async () => {
    expect(await sweep({ dryRun: true })).to.equal(1);
    expect(await fixture.store.inbox.find("evt_new")).to.equal(undefined);
  });

  it("ends when it is stopped", async () => {
    expect(await sweep({ signal: AbortSignal.abort() })).to.equal(0);
    expect(await fixture.store.inbox.find("evt_new")).to.equal(undefined);
  });
});
