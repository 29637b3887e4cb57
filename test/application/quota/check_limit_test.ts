import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { CheckLimitCommand } from "../../../src/application/quota/check_limit.ts";
import { NO_STANDING } from "../../../src/domain/subscription/standing.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { paidFor, sampleAccountSubscription, TENANT } from "../../samples/account.ts";

describe("CheckLimit", () => {
  const fixture = useBilling();

  async function check(count: number, of: CheckLimitCommand["of"] = "domains") {
    return await fixture.billing.checkLimit.execute({ tenantId: TENANT, of, count });
  }

  it("P45 allows as many as the plan in force does, and names the plan that allows more", async () => {
    expect(await check(1)).to.deep.equal({
      limit: 1,
      count: 1,
      allowed: true,
      over: 0,
      upgrade: null,
    });
    expect(await check(2)).to.deep.equal({
      limit: 1,
      count: 2,
      allowed: false,
      over: 1,
      upgrade: "starter",
    });
    expect(await check(4, "members")).to.include({ over: 3, upgrade: "business" });
    expect(await check(5, "templates")).to.include({ over: 4, upgrade: null });
  });

  it("P45 tells after a downgrade what is over the limit", async () => {
    await fixture.save(paidFor("pro"));
    expect(await check(3)).to.include({ limit: 3, allowed: true, over: 0 });
    await fixture.save({ standing: NO_STANDING, subscription: null });
    expect(await check(3)).to.include({ limit: 1, allowed: false, over: 2, upgrade: "pro" });
  });

  it("P44 allows an ended tenant what the free plan does, and names no plan to buy", async () => {
    const ending = { at: fixture.now, when: "now", refund: null, redact: null } as const;
    await fixture.save({ ...paidFor("pro"), ending });
    const expected = { limit: 1, count: 3, allowed: false, over: 2, upgrade: null };
    expect(await check(3)).to.deep.equal(expected);
  });

  it("P45 has no limit where the plan has none", async () => {
    const catalog = (await fixture.store.catalog.read()) ?? expect.fail("no catalogue");
    const plans = catalog.plans.map((plan) => ({ ...plan, maxDomains: null }));
    await fixture.store.catalog.save({ ...catalog, plans });
    const expected = { limit: null, count: 999_999_999, allowed: true, over: 0, upgrade: null };
    expect(await check(999_999_999)).to.deep.equal(expected);
  });

  it("P45 counts the limits of a tenant whose first look by this release is still to come", async () => {
    await fixture.addCustomer();
    await fixture.save({ subscription: sampleAccountSubscription(), standing: null });
    fixture.payments.failure = new PortError("Stripe", { transient: true });
    expect(await check(3)).to.include({ limit: 3, allowed: true });
  });

  for (const [what, command] of [
    ["something that no plan limits", { of: "wishes", count: 1 }],
    ["a part", { of: "domains", count: 1.5 }],
    ["less than nothing", { of: "domains", count: -1 }],
    ["no number", { of: "domains", count: Number.NaN }],
  ] as const) {
    it(`P45 refuses a question about ${what}`, async () => {
      const asked = fixture.billing.checkLimit.execute({
        ...(command as CheckLimitCommand),
        tenantId: TENANT,
      });
      const error = await asked.catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(RangeError);
    });
  }
});
