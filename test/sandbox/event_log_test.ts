import { expect } from "chai";
import { EventLog } from "../../sandbox/state/event_log.ts";
import { newId } from "../../sandbox/state/ids.ts";
import type { WireEvent } from "../../sandbox/state/wire.ts";

/** An event of the given second. */
function eventOf(created: number): WireEvent {
  return {
    id: newId("evt"),
    object: "event",
    api_version: null,
    created,
    livemode: false,
    pending_webhooks: 0,
    request: null,
    type: "customer.created",
    data: { object: { id: `cus_${created}`, name: "a name that is always the same" } },
  };
}

describe("EventLog", () => {
  for (const count of [0, 1, 127, 128, 129, 1000]) {
    it(`gives back ${count} events one by one and in both orders`, () => {
      const log = new EventLog();
      const events = Array.from({ length: count }, (_, second) => eventOf(second));
      events.forEach((event) => {
        log.add(event);
      });
      expect(log.size).to.equal(count);
      expect([...log.values()]).to.deep.equal(events);
      expect([...log.newestFirst()]).to.deep.equal(events.toReversed());
      for (const event of events) {
        expect(log.get(event.id)).to.deep.equal(event);
      }
      expect(log.get("evt_unknown")).to.equal(undefined);
    });
  }

  it("forgets what is old, and nothing that is not", () => {
    const log = new EventLog();
    const events = Array.from({ length: 1000 }, (_, second) => eventOf(second));
    events.forEach((event) => {
      log.add(event);
    });
    expect(log.forgetBefore(0)).to.equal(false);
    expect(log.forgetBefore(500)).to.equal(true);
    expect(events.slice(500).every(({ id }) => log.get(id) !== undefined)).to.equal(true);
    expect(log.get(events[0]?.id ?? "")).to.equal(undefined);
    expect(log.size)
      .to.equal([...log.values()].length)
      .and.to.be.within(500, 500 + 128);
    expect(log.forgetBefore(10_000)).to.equal(true);
    expect([...log.values()]).to.deep.equal(events.slice(896));
  });

  it("keeps what is needed for as long as it is, and what is young", () => {
    const log = new EventLog();
    const events = Array.from({ length: 1000 }, (_, second) => eventOf(second));
    events.forEach((event) => {
      log.add(event);
    });
    const needed = [events[130]?.id ?? ""];
    expect(log.forgetBefore(500, () => needed)).to.equal(true);
    expect(log.get(needed[0] ?? "")).to.deep.equal(events[130]);
    expect(log.get(events[0]?.id ?? "")).to.equal(undefined);
    expect(log.get(events[600]?.id ?? "")).not.to.equal(undefined);
    expect(log.forgetBefore(500 + 2 * 86_400, () => [])).to.equal(true);
    expect(log.get(needed[0] ?? "")).to.equal(undefined);
  });

  it("is empty again when it is cleared", () => {
    const log = new EventLog();
    const events = Array.from({ length: 200 }, (_, second) => eventOf(second));
    events.forEach((event) => {
      log.add(event);
    });
    log.clear();
    expect([log.size, [...log.values()], log.get(events[0]?.id ?? "")]).to.deep.equal([
      0,
      [],
      undefined,
    ]);
    log.add(eventOf(7));
    expect(log.size).to.equal(1);
  });

  it("takes little memory: 200 bytes for an event of two kilobytes", () => {
    const log = new EventLog();
    const large = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`field_number_${index}`, "a value of this field"]),
    );
    for (const second of Array(12_800).keys()) {
      const event = eventOf(second);
      event.data.object = { ...event.data.object, ...large };
      log.add(event);
    }
    expect(log.packedBytes / log.size).to.be.below(200);
  });
});
