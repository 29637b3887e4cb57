import { expect } from "chai";
import { BillingFixture } from "../../rig/billing_fixture.ts";

describe("CountEvents", () => {
  it("P08 names every state with its number of events", async () => {
    const fixture = await BillingFixture.open();
    await fixture.receive({ id: "evt_1" });
    await fixture.receive({ id: "evt_2", type: "plan.deleted" });
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_2" });
    const counts = await fixture.billing.countEvents.execute();
    await fixture.close();
    expect(counts).to.deep.equal({
      dead: 0,
      failed: 0,
      unmatched: 0,
      received: 1,
      processing: 0,
      ignored: 1,
      done: 0,
    });
  });
});
