import { expect } from "chai";
import { HOOKS_URL, tenantId, useNotifications } from "./notification_rig.ts";

describe("webhook endpoints", () => {
  const rig = useNotifications();

  it("an endpoint hears nothing of before it was added, or after it was removed", async () => {
    await rig.give(9);
    await rig.spendAll("s1");
    rig.fixture.advance(1);
    const id = await rig.listen();
    expect(await rig.deliver()).to.deep.equal([]);
    await rig.give(9);
    await rig.spendAll("s2");
    await rig.billing.tellTenant.execute({ tenantId });
    expect(await rig.billing.removeWebhookEndpoint.execute({ id })).to.equal(true);
    expect(await rig.billing.removeWebhookEndpoint.execute({ id })).to.equal(false);
    expect(await rig.deliver()).to.deep.equal([]);
  });

  it("rotates secrets: two sign, older ones do not", async () => {
    const outcome = await rig.billing.addWebhookEndpoint.execute({
      url: HOOKS_URL,
      events: ["pack.bought"],
    });
    const first = outcome.type === "saved" ? outcome : undefined;
    const id = first?.endpoint.id ?? "";
    const second = await rig.billing.rotateWebhookSecret.execute({ id });
    const third = await rig.billing.rotateWebhookSecret.execute({ id });
    const record = await rig.fixture.store.notificationRecords.find("targets", "all");
    const [{ secrets }] = JSON.parse(record?.content ?? "[]");
    expect(secrets).to.deep.equal([
      third.type === "saved" && third.secret,
      second.type === "saved" && second.secret,
    ]);
    expect(secrets).not.to.include(first?.secret);
    expect(await rig.billing.rotateWebhookSecret.execute({ id: "whe_0" })).to.deep.equal({
      type: "unknown",
    });
    const refused = await rig.billing.addWebhookEndpoint.execute({
      url: "http://a.example",
      events: [],
    });
    expect(refused).to.deep.equal({ type: "refused", problem: "be an https URL" });
  });
});
