import { expect } from "chai";
import { SETTINGS, tenantId, useTopUps } from "./top_up_rig.ts";

describe("ChangeAutoTopUp", () => {
  const rig = useTopUps();
  const change = (settings: object) =>
    rig.fixture.billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS, ...settings });

  it("keeps what was chosen, shows it, and buys at once where too little is left", async () => {
    await rig.spend(100);
    const { type } = await change({});
    expect(type).to.equal("changed");
    expect(await rig.fixture.billing.readAutoTopUp.execute({ tenantId })).to.deep.equal({
      ...SETTINGS,
      boughtThisMonth: 1,
      stopped: null,
    });
    expect((await rig.fixture.store.topUps.find(tenantId))?.open).to.include({ seq: 3 });
  });

  it("refuses packs that there are not or are no longer sold", async () => {
    expect(await change({ packSlug: "none" })).to.include({ type: "unknown_pack" });
    expect(await change({ packSlug: "old" })).to.include({ type: "pack_not_purchasable" });
    expect(await change({ packSlug: "old", enabled: false })).to.include({ type: "changed" });
  });

  it("refuses to be switched on for a tenant that has never paid", async () => {
    await rig.fixture.save({ customerId: null });
    expect(await change({})).to.deep.equal({ type: "no_customer" });
    expect(await change({ enabled: false })).to.include({ type: "changed" });
  });
});
