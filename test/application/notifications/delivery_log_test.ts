import { expect } from "chai";
import { useNotifications } from "./notification_rig.ts";

describe("the delivery log", () => {
  const rig = useNotifications();

  it("lists page by page, and forgets what is older than the retention", async () => {
    const endpointId = await rig.listen(["tokens.exhausted"]);
    for (const key of ["one", "two", "three"]) {
      rig.fixture.advance(1_000);
      await rig.give(5);
      await rig.spendAll(key);
      await rig.deliver();
    }
    const first = await rig.billing.listDeliveries.execute({ endpointId, limit: 2 });
    const after = first.next ?? undefined;
    const second = await rig.billing.listDeliveries.execute({ endpointId, after, limit: 2 });
    expect([first.deliveries.length, second.deliveries.length, second.next]).to.deep.equal([
      2,
      1,
      null,
    ]);
    expect(await rig.billing.purgeDeliveries.execute({ limit: 9 })).to.equal(0);
    rig.fixture.advance(91 * 86_400_000);
    expect(await rig.billing.purgeDeliveries.execute({ limit: 2 })).to.equal(2);
    expect(await rig.billing.purgeDeliveries.execute({ limit: 2 })).to.equal(1);
  });
});
