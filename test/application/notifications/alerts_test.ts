import { expect } from "chai";
import { tenantId, useNotifications } from "./notification_rig.ts";

describe("alerts", () => {
  const rig = useNotifications();

  it("are the defaults until a tenant chooses, then ascending and each once", async () => {
    const { readAlerts, changeAlerts } = rig.billing;
    const defaults = { emailPercentages: [50, 80, 90, 100], tokensBelow: null };
    expect(await readAlerts.execute({ tenantId })).to.deep.equal(defaults);
    const wishes = [10, 20, 30].map((tokensBelow) =>
      changeAlerts.execute({ tenantId, emailPercentages: [90, 75, 90], tokensBelow }),
    );
    await Promise.all(wishes);
    const alerts = await readAlerts.execute({ tenantId });
    expect(alerts.emailPercentages).to.deep.equal([75, 90]);
    expect([10, 20, 30]).to.include(alerts.tokensBelow);
    expect(await readAlerts.execute({ tenantId: "clother001" })).to.deep.equal(defaults);
  });
});
