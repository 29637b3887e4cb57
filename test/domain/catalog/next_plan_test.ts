import { expect } from "chai";
import type { Plan } from "../../../src/domain/catalog/catalog.ts";
import { nextPlan } from "../../../src/domain/catalog/next_plan.ts";
import type { Limits } from "../../../src/domain/catalog/plan_limits.ts";
import { sampleCatalog, samplePlan, samplePlans } from "../../samples/catalog.ts";

const FREE = samplePlan("free", 1);
const STARTER = samplePlan("starter", 2);
const PRO = samplePlan("pro", 3);
const BUSINESS = samplePlan("business", 4);

function next(plan: Plan, moreThan: Partial<Limits> = {}, plans = samplePlans()) {
  return nextPlan(sampleCatalog(plans), { plan, canBuy: true, moreThan })?.slug ?? null;
}

describe("nextPlan", () => {
  it("P32 is the next plan up by rank, in whatever order the plans are listed", () => {
    expect(next(FREE)).to.equal("starter");
    expect(next(PRO)).to.equal("business");
    expect(next(FREE, {}, samplePlans().toReversed())).to.equal("starter");
  });

  it("P32 is a plan on sale: active and with a price", () => {
    const plans = [
      FREE,
      PRO,
      samplePlan("retired", 1.2, { active: false }),
      samplePlan("unsold", 1.6, { prices: [] }),
    ];
    expect(next(FREE, {}, plans)).to.equal("pro");
  });

  it("P32 exceeds every limit given", () => {
    const small = samplePlan("small", 1.4, { monthlyEmailLimit: 1_000, maxDomains: 9 });
    const plans = [...samplePlans(), small];
    expect(next(FREE, {}, plans)).to.equal("small");
    expect(next(FREE, { monthlyEmailLimit: 1_000 }, plans)).to.equal("starter");
    expect(next(FREE, { maxDomains: 8 }, plans)).to.equal("small");
    expect(next(FREE, { maxDomains: 2, tokensIncludedMonth: 300 }, plans)).to.equal("business");
    expect(next(FREE, { maxDomains: 9 })).to.equal(null);
  });

  it("P32 may be a plan without a limit, and is none above it", () => {
    const flat = { ...PRO, monthlyEmailLimit: null };
    const plans = [FREE, STARTER, flat, BUSINESS];
    expect(next(STARTER, { monthlyEmailLimit: 2_000 }, plans)).to.equal("pro");
    expect(next(flat, { monthlyEmailLimit: null }, plans)).to.equal(null);
  });

  it("P32 is none above the highest plan", () => {
    expect(next(BUSINESS)).to.equal(null);
  });

  it("P17 is in the currency of the plan in force, as no subscription changes its currency", () => {
    const inYen = BUSINESS.prices.map((price) => ({ ...price, currency: "jpy" }));
    const yen = samplePlan("yen", 3.5, { prices: inYen });
    expect(next(PRO, {}, [...samplePlans(), yen])).to.equal("business");
    expect(next(FREE, {}, [FREE, yen])).to.equal("yen");
  });

  it("P17 is none while a payment is due", () => {
    expect(nextPlan(sampleCatalog(), { plan: FREE, canBuy: false })).to.equal(null);
  });
});
