import { expect } from "chai";
import { SETTINGS, tenantId, useTopUps } from "./top_up_rig.ts";

describe("BeginTopUp", () => {
  const rig = useTopUps();
  const open = async () => (await rig.fixture.store.topUps.find(tenantId))?.open ?? null;

  it("begins one purchase for a crossing, in however many processes", async () => {
    const { billing } = rig.fixture;
    await billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS });
    await rig.spend(100);
    const other = rig.fixture.process();
    const begun = await Promise.all(
      [billing, other, billing, other].map(({ beginTopUp }) => beginTopUp.execute({ tenantId })),
    );
    expect(begun.filter((isBegun) => isBegun)).to.have.length(1);
    expect(await open()).to.include({ packSlug: "starter", tokens: 1_000, currency: "eur" });
  });

  it("begins nothing while our clock is not trusted", async () => {
    const { billing } = rig.fixture;
    await billing.changeAutoTopUp.execute({ tenantId, ...SETTINGS });
    await rig.spend(100);
    const time = new Date("2026-03-15T15:00:00Z");
    const wrong = {
      latest: () => ({ time, resolutionMs: 1, askedMs: 0, answeredMs: 0 }),
      ask: async () => undefined,
    };
    const doubtful = rig.fixture.process({ otherClocks: { stripe: wrong } });
    await doubtful.measureClock.execute();
    expect(await doubtful.beginTopUp.execute({ tenantId })).to.equal(false);
    expect(await billing.beginTopUp.execute({ tenantId })).to.equal(true);
  });

  it("hears of the first crossing after a top-up was chosen, also if there was none just before", async () => {
    const { beginTopUp, changeAutoTopUp } = rig.fixture.billing;
    await beginTopUp.hear({ tenantId });
    await changeAutoTopUp.execute({ tenantId, ...SETTINGS, belowTokens: 400 });
    await rig.spend(101);
    await beginTopUp.hear({ tenantId });
    expect(await open()).to.include({ packSlug: "starter" });
  });

  it("reads nothing of a tenant as long as nobody has a top-up", async () => {
    const { beginTopUp } = rig.fixture.billing;
    await beginTopUp.hear({ tenantId });
    await beginTopUp.hear({ tenantId: null });
    expect(await open()).to.equal(null);
  });
});
