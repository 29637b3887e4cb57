import { expect } from "chai";
import { SETTINGS, tenantId, useTopUps } from "./top_up_rig.ts";

describe("SweepTopUps", () => {
  const rig = useTopUps();

  it("begins what nobody has begun, page by page", async () => {
    const { billing, store } = rig.fixture;
    await billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS });
    await rig.spend(100);
    const { sweepTopUps } = billing;
    expect(await sweepTopUps.execute({ limit: 1 })).to.include({ next: tenantId });
    expect((await store.topUps.find(tenantId))?.open).to.include({ seq: 3 });
    expect(await sweepTopUps.execute({ after: tenantId, limit: 1 })).to.include({
      next: undefined,
    });
  });

  it("begins nothing once it is told to stop", async () => {
    const { billing, store } = rig.fixture;
    await billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS });
    await rig.spend(100);
    await billing.sweepTopUps.execute({ limit: 9, signal: AbortSignal.abort() });
    expect((await store.topUps.find(tenantId))?.open).to.equal(null);
  });
});
