import { expect } from "chai";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";

const DAY_MS = 86_400_000;

describe("PurgeEvents", () => {
  const fixture = useBilling();

  it("removes finished events once they are older than the retention, others never", async () => {
    await fixture.receive({ id: "evt_finished", type: "plan.deleted" });
    await fixture.billing.handleStripeEvent.execute({ eventId: "evt_finished" });
    await fixture.receive({ id: "evt_waiting" });
    const purge = () => fixture.billing.purgeEvents.execute({ limit: 10 });
    fixture.advance(SETTINGS.eventRetentionDays * DAY_MS);
    expect(await purge()).to.equal(0);
    fixture.advance(1);
    expect(await purge()).to.equal(1);
    expect(
      (await fixture.store.inbox.list({ limit: 9 })).map(({ event }) => event.id),
    ).to.deep.equal(["evt_waiting"]);
  });

  it("P04 an event that comes again after its removal changes nothing twice", async () => {
    await fixture.addCustomer();
    const deliver = async () => {
      await fixture.receive();
      await fixture.billing.handleStripeEvent.execute({ eventId: "evt_one" });
    };
    await deliver();
    const before = await fixture.ledger();
    fixture.advance(1);
    await fixture.store.inbox.purge({ receivedBefore: fixture.now, limit: 9 });
    expect(await fixture.store.inbox.find("evt_one")).to.equal(undefined);
    await deliver();
    expect(await fixture.ledger()).to.deep.equal(before);
  });
});
