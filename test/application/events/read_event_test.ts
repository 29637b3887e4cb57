import { expect } from "chai";
import { BillingFixture } from "../../rig/billing_fixture.ts";

describe("ReadEvent", () => {
  it("P08 shows an event with what Stripe sent, and nothing of an unknown one", async () => {
    const fixture = await BillingFixture.open();
    await fixture.receive({ id: "evt_1", payload: '{"id":"evt_1"}' });
    const found = await fixture.billing.readEvent.execute({ eventId: "evt_1" });
    const unknown = await fixture.billing.readEvent.execute({ eventId: "evt_2" });
    await fixture.close();
    expect(found?.event.payload).to.equal('{"id":"evt_1"}');
    expect(unknown).to.equal(undefined);
  });
});
