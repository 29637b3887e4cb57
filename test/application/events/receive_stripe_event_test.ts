import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";

const rawBody = new TextEncoder().encode("evt_one");
const genuine = { rawBody, signature: "genuine" };

describe("ReceiveStripeEvent", () => {
  const fixture = useBilling();

  function receive(delivery: { rawBody: Uint8Array; signature: string | undefined } = genuine) {
    return fixture.billing.receiveStripeEvent.execute(delivery);
  }

  it("P03 stores a genuine event before it answers, and handles nothing yet", async () => {
    const stored = {
      type: "stored",
      eventId: "evt_one",
      customerId: "cus_one",
      state: "received",
    };
    expect(await receive()).to.deep.equal(stored);
    expect(await fixture.store.inbox.find("evt_one")).to.deep.include({
      state: "received",
      attempts: 0,
      receivedAt: fixture.now,
    });
    expect(fixture.payments.count("read")).to.equal(0);
  });

  for (const signature of [undefined, "", "forged"]) {
    it(`P01 stores nothing of a delivery that is signed ${JSON.stringify(signature)}`, async () => {
      expect(await receive({ rawBody, signature })).to.deep.equal({ type: "not_genuine" });
      expect(await fixture.store.inbox.find("evt_one")).to.equal(undefined);
    });
  }

  it("P04 stores an event once that is delivered many times", async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => receive()));
    expect(outcomes.map(({ type }) => type)).to.deep.equal(Array(20).fill("stored"));
    const later = new Date(fixture.now.getTime() + 1);
    const at = { now: later, receivedBefore: later, limit: 10 };
    expect(await fixture.store.inbox.due(at)).to.deep.equal(["evt_one"]);
  });

  it("P05 answers the state of an event that came before", async () => {
    await receive();
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_one" });
    expect(await receive()).to.deep.include({ type: "stored", state: "unmatched" });
  });

  it("P08 throws when the event could not be stored, so that it is sent again", async () => {
    const down = new PortError("Cannot store the event: no connection", { transient: true });
    const { inbox } = fixture.store;
    const failing = Object.assign(Object.create(inbox) as typeof inbox, {
      receive: () => Promise.reject(down),
    });
    const store = { ...fixture.store, inbox: failing };
    const { receiveStripeEvent } = fixture.process({ store });
    expect(await receiveStripeEvent.execute(genuine).catch((error: unknown) => error)).to.equal(
      down,
    );
  });
});
