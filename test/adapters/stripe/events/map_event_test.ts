import { expect } from "chai";
import { mapEvent } from "../../../../src/adapters/stripe/events/map_event.ts";
import { fixture, type Json } from "../fixture.ts";

function eventOf(object: Json, changes: Json = {}) {
  return mapEvent(JSON.stringify(fixture("event_invoice_paid", { data: { object }, ...changes })));
}

describe("mapEvent", () => {
  it("reduces a snapshot event to what decides its handling", () => {
    const payload = JSON.stringify(fixture("event_invoice_paid"));
    expect(mapEvent(payload)).to.deep.equal({
      id: "evt_1QvInvoicePaid",
      type: "invoice.paid",
      createdAt: new Date("2026-09-01T10:15:05Z"),
      livemode: false,
      connectedAccount: null,
      customerId: "cus_QvAcme",
      payload,
    });
  });

  it("P06 keeps the mode and the connected account of an event", () => {
    const event = eventOf({}, { livemode: true, account: "acct_1QvOther" });
    expect(event?.livemode).to.equal(true);
    expect(event?.connectedAccount).to.equal("acct_1QvOther");
  });

  it("P07 finds the customer as a field, expanded, or as the object itself", () => {
    expect(eventOf({ customer: "cus_a" })?.customerId).to.equal("cus_a");
    expect(eventOf({ customer: fixture("customer") })?.customerId).to.equal("cus_QvAcme");
    expect(eventOf(fixture("customer"))?.customerId).to.equal("cus_QvAcme");
    const deleted = mapEvent(JSON.stringify(fixture("event_customer_deleted")));
    expect(deleted?.customerId).to.equal("cus_QvAcme");
  });

  it("P07 names no customer where the object has none", () => {
    for (const object of [{}, { customer: null }, { customer: "" }, fixture("product")]) {
      expect(eventOf(object)?.customerId).to.equal(null);
    }
    expect(mapEvent(JSON.stringify(fixture("event_invoice_paid", { data: null })))).to.include({
      customerId: null,
    });
  });

  it("P06 understands a thin event, which names no customer", () => {
    const payload = JSON.stringify(fixture("event_thin", { context: "acct_1QvOther" }));
    expect(mapEvent(payload)).to.deep.equal({
      id: "evt_test_65QvThin",
      type: "v1.invoice.paid",
      createdAt: new Date("2026-09-01T10:15:05Z"),
      livemode: false,
      connectedAccount: "acct_1QvOther",
      customerId: null,
      payload,
    });
    const undated = JSON.stringify(fixture("event_thin", { created: "yesterday" }));
    expect(mapEvent(undated)).to.equal(undefined);
  });

  const noEvents: [string, string][] = [
    ["nothing", ""],
    ["no JSON", "{"],
    ["null", "null"],
    ["a number", "7"],
    ["a text", '"event"'],
    ["an array", `[${JSON.stringify(fixture("event_invoice_paid"))}]`],
    ["another object", JSON.stringify(fixture("customer"))],
    ["an event without id", JSON.stringify(fixture("event_invoice_paid", { id: null }))],
    ["an event without time", JSON.stringify(fixture("event_invoice_paid", { created: 0 }))],
    ["an event with a list for its type", JSON.stringify(fixture("event_thin", { type: [] }))],
    ["500,000 nested arrays", "[".repeat(500_000)],
    ["200,000 nested objects", `${'{"object":'.repeat(200_000)}1${"}".repeat(200_000)}`],
  ];
  for (const [what, payload] of noEvents) {
    it(`finds no event in ${what}`, () => {
      expect(mapEvent(payload)).to.equal(undefined);
    });
  }

  it("P06 takes an event whose customer is of an unknown kind for one that names none", () => {
    for (const customer of [4, true, [], {}, { id: 4 }]) {
      const payload = JSON.stringify(
        fixture("event_invoice_paid", { data: { object: { customer } } }),
      );
      expect(mapEvent(payload)).to.include({ id: "evt_1QvInvoicePaid", customerId: null });
    }
  });

  it("takes the last of a repeated key", () => {
    const payload = JSON.stringify(fixture("event_thin")).replace("{", '{"id":"evt_first",');
    expect(mapEvent(payload)?.id).to.equal("evt_test_65QvThin");
  });

  it("cannot be made to change prototypes", () => {
    const payload = JSON.stringify(fixture("event_invoice_paid")).replace(
      "{",
      '{"__proto__":{"polluted":1,"account":"acct_1"},"constructor":{"prototype":{"polluted":1}},',
    );
    expect(mapEvent(payload)?.connectedAccount).to.equal(null);
    expect("polluted" in {}).to.equal(false);
  });
});
