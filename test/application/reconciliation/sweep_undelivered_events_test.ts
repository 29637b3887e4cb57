import { expect } from "chai";
import type { EventInbox } from "../../../src/application/ports/events/event_inbox.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { SweepUndeliveredEvents } from "../../../src/application/reconciliation/sweep_undelivered_events.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { sampleEvent } from "../../samples/events.ts";

describe("SweepUndeliveredEvents", () => {
  const fixture = useBilling();
  const signal = new AbortController().signal;
  let reasons: readonly unknown[] = [];

  beforeEach(async () => {
    await fixture.addCustomer();
    fixture.records.happened = ["evt_new", "evt_known", "evt_delivered"].map((id) =>
      sampleEvent({ id }),
    );
    fixture.records.undelivered.add("evt_new").add("evt_known");
    await fixture.receive({ id: "evt_known" });
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_known" });
  });

  async function sweep(
    changes: { dryRun?: boolean; signal?: AbortSignal } = {},
    inbox: Pick<EventInbox, "find" | "receive"> = fixture.store.inbox,
  ) {
    const { records, now } = fixture;
    const sweeper = new SweepUndeliveredEvents({ inbox, clock: () => now });
    const wish = { records, dryRun: false, signal, ...changes };
    const { events, failures } = await sweeper.execute(wish);
    reasons = failures;
    return events;
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

  it("P37 an event that cannot be stored keeps none of the others out, and is told", async () => {
    const { inbox } = fixture.store;
    const refusal = new PortError("Cannot store the event: it is too large", { transient: false });
    const some: Pick<EventInbox, "find" | "receive"> = {
      find: (id) => (id === "evt_broken" ? Promise.reject(refusal) : inbox.find(id)),
      receive: (event, ...rest) =>
        event.id === "evt_large" ? Promise.reject(refusal) : inbox.receive(event, ...rest),
    };
    fixture.records.happened = ["evt_large", "evt_broken", "evt_new"].map((id) =>
      sampleEvent({ id }),
    );
    fixture.records.undelivered.add("evt_large").add("evt_broken");
    expect(await sweep({}, some)).to.equal(1);
    expect(reasons).to.deep.equal([refusal, refusal]);
    expect(await inbox.find("evt_new")).to.deep.include({ state: "received" });
  });

  it("P37 gives up where nothing can be stored any more", async () => {
    let calls = 0;
    const down = new PortError("Cannot reach the database", { transient: true });
    const find = () => {
      calls += 1;
      return Promise.reject(down);
    };
    const ids = Array.from({ length: 100 }, (_, index) => `evt_${index}`);
    fixture.records.happened = ids.map((id) => sampleEvent({ id }));
    for (const id of ids) {
      fixture.records.undelivered.add(id);
    }
    expect(await sweep({}, { ...fixture.store.inbox, find })).to.equal(0);
    expect([calls, reasons.length]).to.deep.equal([25, 25]);
  });

  it("ends when it is stopped", async () => {
    expect(await sweep({ signal: AbortSignal.abort() })).to.equal(0);
    expect(await fixture.store.inbox.find("evt_new")).to.equal(undefined);
  });
});
