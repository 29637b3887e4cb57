import { expect } from "chai";
import { Announcements } from "../../../src/application/notifications/announcements.ts";
import { tenantId, useNotifications } from "./notification_rig.ts";
import { typesOf } from "./recorded_webhooks.ts";

describe("Announcements", () => {
  const rig = useNotifications();

  it("tells soon after the change, without being asked", async () => {
    await rig.listen(["tokens.granted"]);
    await rig.fixture.addSubscriber();
    await rig.billing.synchronizeTenant.execute({ tenantId });
    const deadline = Date.now() + 30_000;
    while (rig.webhooks.arrived.length === 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await rig.billing.deliverNotifications.execute({ limit: 100 });
    }
    expect(typesOf(rig.webhooks)).to.deep.equal(["tokens.granted"]);
  });

  it("gathers many changes of a tenant, and goes on after one that cannot be told", async () => {
    const announcements = new Announcements();
    const told: string[] = [];
    announcements.announce({ tenantId: "before" });
    announcements.listen(async (announcement) => {
      told.push(JSON.stringify(announcement));
      if (announcement.tenantId === "a") {
        throw new Error("the store is down");
      }
    });
    announcements.announce({ tenantId: "a" });
    announcements.announce({ tenantId: "b" });
    announcements.announce({ tenantId: "b" });
    await announcements.settle();
    expect(told).to.deep.equal(['{"tenantId":"a"}', '{"tenantId":"b"}']);
    announcements.announce({ tenantId: null });
    await announcements.settle();
    expect(told).to.have.length(3);
  });
});
