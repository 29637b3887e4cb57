import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { MARCH, paidFor, TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { consume } from "../../samples/quota.ts";

describe("ReadUsage", () => {
  const fixture = useBilling();

  async function read() {
    return (await fixture.billing.readUsage.execute({ tenantId: TENANT })).emails;
  }

  it("P32 shows a tenant that sent nothing", async () => {
    expect(await read()).to.deep.equal({
      limit: 1_000,
      used: 0,
      percentage: 0,
      warning: false,
      ceiling: 1_100,
      resetsAt: at("2026-04-01"),
    });
  });

  it("P32 shows what is used, and counts nothing itself", async () => {
    await fixture.save(paidFor("starter"));
    await consume(fixture.billing, { count: 1_999 });
    const expected = {
      limit: 2_000,
      used: 1_999,
      percentage: 99,
      warning: true,
      ceiling: 2_200,
      resetsAt: MARCH.end,
    };
    expect(await read()).to.deep.equal(expected);
    expect(await read()).to.deep.equal(expected);
  });

  it("P33 shows the new period as soon as the old one is over", async () => {
    await consume(fixture.billing, { count: 30 });
    fixture.now = at("2026-04-01");
    expect(await read()).to.deep.include({ used: 0, resetsAt: at("2026-05-01") });
  });

  it("P33 shows no date of the reset while that waits for the payment", async () => {
    await fixture.save(paidFor("pro"));
    await consume(fixture.billing, { count: 30 });
    fixture.now = at("2026-04-11");
    expect(await read()).to.deep.include({ used: 30, resetsAt: null });
    await fixture.save(paidFor("pro", monthsFrom("2026-04-10")));
    await fixture.billing.refreshEmailQuota.execute({ tenantId: TENANT });
    expect(await read()).to.deep.include({ used: 0, resetsAt: at("2026-05-10") });
  });
});
