import { expect } from "chai";
import { type PlanUse, upgradeAdvice } from "../../../src/domain/checkout/upgrade_advice.ts";
import { sampleCatalog, samplePlan, samplePlans } from "../../samples/catalog.ts";

const PLAN = samplePlan("starter", 2);

function use(emails: number, tokens: number): PlanUse {
  return { emails: { used: emails, limit: 2_000 }, tokens: { used: tokens, included: 200 } };
}

function advise(used: PlanUse, plans = samplePlans()) {
  return upgradeAdvice(sampleCatalog(plans), { plan: PLAN, canBuy: true, use: used });
}

describe("upgradeAdvice", () => {
  it("P32 advises from 80 % on, with every reason, and not before", () => {
    expect(advise(use(1_599, 159))).to.equal(null);
    expect(advise(use(1_600, 159))).to.deep.equal({
      planSlug: "pro",
      reasons: ["emails_over_80_percent"],
    });
    expect(advise(use(0, 160))).to.deep.equal({
      planSlug: "pro",
      reasons: ["tokens_over_80_percent"],
    });
    expect(advise(use(2_200, 200))?.reasons).to.have.length(2);
  });

  it("passes over plans that do not give more of what runs short, or are not on sale", () => {
    const [free, starter, pro, business] = samplePlans();
    const plans = [free, starter, pro, business].flatMap((plan) => plan ?? []);
    const same = plans.map((plan) =>
      plan.slug === "pro" ? { ...plan, tokensIncludedMonth: 200 } : plan,
    );
    expect(advise(use(0, 200), same)?.planSlug).to.equal("business");
    expect(advise(use(2_000, 0), same)?.planSlug).to.equal("pro");
    const retired = plans.map((plan) => (plan.slug === "pro" ? { ...plan, active: false } : plan));
    expect(advise(use(2_000, 0), retired)?.planSlug).to.equal("business");
  });

  it("takes no limit for more than any, and advises nobody who has none", () => {
    const unlimited = samplePlan("flat", 3, { monthlyEmailLimit: null });
    expect(advise(use(2_000, 0), [unlimited])?.planSlug).to.equal("flat");
    const without = { emails: { used: 9_999, limit: null }, tokens: { used: 0, included: 0 } };
    expect(advise(without)).to.equal(null);
  });

  it("says nothing at the top", () => {
    const use400 = { emails: { used: 4_000, limit: 4_000 }, tokens: { used: 0, included: 400 } };
    const business = { plan: samplePlan("business", 4), canBuy: true, use: use400 };
    expect(upgradeAdvice(sampleCatalog(), business)).to.equal(null);
  });

  it("P17 says nothing while a payment is due", () => {
    const owing = { plan: PLAN, canBuy: false, use: use(2_000, 200) };
    expect(upgradeAdvice(sampleCatalog(), owing)).to.equal(null);
  });
});
