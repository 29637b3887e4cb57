import { expect } from "chai";
import { NotificationTargets } from "../../../src/application/notifications/notification_targets.ts";
import { useNotifications } from "./notification_rig.ts";

describe("NotificationTargets", () => {
  const rig = useNotifications();

  it("keeps what many add and remove at once", async () => {
    const { notificationRecords } = rig.fixture.store;
    const target = { url: null, events: [], createdAt: rig.fixture.now, secrets: [] };
    const ids = ["a", "b", "c", "d"];
    const processes = ids.map(() => new NotificationTargets({ notificationRecords }));
    await Promise.all(
      processes.map((targets, index) => {
        const id = ids[index] ?? "";
        return targets.change(id, () => ({ ...target, id }));
      }),
    );
    const [targets = new NotificationTargets({ notificationRecords }), other] = processes;
    expect((await targets.all()).map(({ id }) => id)).to.have.members(ids);
    expect(await targets.change("a", () => undefined)).to.deep.equal({ ...target, id: "a" });
    expect(await targets.change("none", () => undefined)).to.equal(undefined);
    expect([await targets.remove("a"), await other?.remove("a")]).to.deep.equal([true, false]);
    expect((await targets.recent()).map(({ id }) => id)).to.have.members(["b", "c", "d"]);
  });
});
