import { expect } from "chai";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { consume, unreliable } from "../../samples/quota.ts";

describe("ReleaseEmailQuota", () => {
  const fixture = useBilling();

  function release(key: string, billing = fixture.billing) {
    return billing.releaseEmailQuota.execute({ tenantId: TENANT, key });
  }

  async function used() {
    return (await fixture.store.emailUsage.find(TENANT))?.used;
  }

  it("P31 gives a send back once, also in parallel", async () => {
    await consume(fixture.billing, { count: 5, key: "one" });
    await consume(fixture.billing, { count: 2 });
    const processes = [fixture.billing, fixture.process()];
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => release("one", processes[index % 2])),
    );
    expect(outcomes.filter(({ type }) => type === "released")).to.have.length(1);
    expect(outcomes.filter(({ type }) => type === "already_released")).to.have.length(9);
    expect(await used()).to.equal(2);
  });

  it("P31 tells a key that nothing was counted under", async () => {
    expect(await release("never")).to.deep.equal({ type: "unknown_key" });
  });

  it("P31 makes room at the ceiling", async () => {
    await consume(fixture.billing, { count: 1_000 });
    await consume(fixture.billing, { count: 100, key: "last" });
    expect(await consume(fixture.billing)).to.have.property("type", "exceeded");
    await release("last");
    expect(await consume(fixture.billing, { count: 100 })).to.have.property("type", "counted");
  });

  it("P31 gives back what had no key by what its counting answered", async () => {
    const outcome = await consume(fixture.billing, { count: 9 });
    const periodStart = outcome.type === "counted" ? outcome.periodStart : null;
    const command = { tenantId: TENANT, count: 9, periodStart };
    expect(await fixture.billing.releaseEmailQuota.execute(command)).to.deep.equal({
      type: "released",
    });
    expect(await used()).to.equal(0);
  });

  it("P34 forgets a send that went uncounted, and gives it back where it was counted later", async () => {
    const emailUsage = unreliable(fixture.store.emailUsage);
    const settings = { ...SETTINGS, quotaWhenStoreFails: "open" as const };
    const billing = fixture.process({ store: { ...fixture.store, emailUsage }, settings });
    await consume(billing, { count: 10 });
    emailUsage.down = true;
    await consume(billing, { count: 4 });
    const command = { tenantId: TENANT, count: 3, periodStart: null };
    await billing.releaseEmailQuota.execute(command);
    emailUsage.down = false;
    await consume(billing);
    expect(await used()).to.equal(10 + 1 + 1);
    await billing.releaseEmailQuota.execute(command);
    expect(await used()).to.equal(9);
  });
});
