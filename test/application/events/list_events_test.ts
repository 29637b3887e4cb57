import { expect } from "chai";
import type { EventCursor } from "../../../src/application/ports/events/event_inbox.ts";
import { useBilling } from "../../rig/billing_fixture.ts";

describe("ListEvents", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    for (const id of ["evt_1", "evt_2", "evt_3", "evt_4"]) {
      await fixture.receive({ id, type: id === "evt_2" ? "plan.deleted" : "invoice.paid" });
      fixture.advance(1_000);
    }
  });

  async function ids(query: object = {}): Promise<{ ids: string[]; next: EventCursor | null }> {
    const { events, next } = await fixture.billing.listEvents.execute({ limit: 2, ...query });
    return { ids: events.map(({ event }) => event.id), next };
  }

  it("P08 shows what came last first, and says where the next page begins", async () => {
    const first = await ids();
    expect(first.ids).to.deep.equal(["evt_4", "evt_3"]);
    expect(first.next?.eventId).to.equal("evt_3");
    const second = await ids({ after: first.next });
    expect(second).to.deep.equal({ ids: ["evt_2", "evt_1"], next: null });
  });

  it("P08 says that a page that ends with the last event is the last", async () => {
    expect((await ids({ limit: 4 })).next).to.equal(null);
    expect((await ids({ limit: 3 })).next?.eventId).to.equal("evt_2");
  });

  it("P08 keeps to a state and a type", async () => {
    expect((await ids({ type: "plan.deleted" })).ids).to.deep.equal(["evt_2"]);
    expect((await ids({ state: "dead" })).ids).to.deep.equal([]);
    expect((await ids({ state: "received", type: "invoice.paid" })).ids).to.have.length(2);
  });
});
