import { expect } from "chai";
import {
  catalogProblems,
  findPlan,
  freePlan,
  isFree,
  type PlanDefinition,
  planOfProduct,
} from "../../../src/domain/catalog/catalog.ts";
import { sampleCatalog, samplePlan, samplePlans } from "../../samples/catalog.ts";

describe("catalogProblems", () => {
  const free: PlanDefinition = samplePlan("free", 1);
  const starter: PlanDefinition = samplePlan("starter", 2);
  const pro: PlanDefinition = samplePlan("pro", 3);
  const month = { interval: "month" as const, amount: 100, currency: "eur" };

  const table: Record<string, { plans: PlanDefinition[]; problems: string[] }> = {
    "nothing in a good catalogue": { plans: [free, starter, pro], problems: [] },
    "nothing in the free plan alone": { plans: [free], problems: [] },
    "nothing in a second free plan that is inactive": {
      plans: [free, { ...free, slug: "old_free", rank: 9, active: false }],
      problems: [],
    },
    "the missing free plan": {
      plans: [starter],
      problems: ["Exactly one active plan must have no prices (the free plan), not 0"],
    },
    "the missing free plan of an empty catalogue": {
      plans: [],
      problems: ["Exactly one active plan must have no prices (the free plan), not 0"],
    },
    "a free plan that is inactive": {
      plans: [{ ...free, active: false }, starter],
      problems: ["Exactly one active plan must have no prices (the free plan), not 0"],
    },
    "two free plans": {
      plans: [free, { ...free, slug: "gratis", rank: 9 }],
      problems: ["Exactly one active plan must have no prices (the free plan), not 2"],
    },
    "a slug that comes three times, once": {
      plans: [free, starter, { ...starter, rank: 8 }, { ...starter, rank: 9 }],
      problems: ['Plan "starter" is listed more than once'],
    },
    "a rank that is used twice": {
      plans: [free, starter, { ...pro, rank: 2 }],
      problems: ["Rank 2 is used by more than one plan"],
    },
    "two prices for one interval": {
      plans: [free, { ...pro, prices: [month, { ...month, amount: 200 }] }],
      problems: ['Plan "pro" has more than one price per month'],
    },
    "more plans for sale than the Portal can list": {
      plans: [
        free,
        ...Array.from({ length: 11 }, (_, index) => samplePlan(`p${index}`, index + 2)),
      ],
      problems: [
        "At most 10 active plans can have prices, not 11: the Customer Portal lists no more",
      ],
    },
    "a trial of the free plan": {
      plans: [
        { ...free, trialDays: 7 },
        { ...pro, trialDays: 7 },
      ],
      problems: ['Plan "free" is free, so that it can have no trialDays'],
    },
    "paperwork of the free plan": {
      plans: [{ ...free, automaticTax: false, promotionCodes: true }, pro],
      problems: [
        'Plan "free" is free, so that it can have no automaticTax',
        'Plan "free" is free, so that it can have no promotionCodes',
      ],
    },
    "all that is wrong at once": {
      plans: [starter, { ...starter, prices: [month, month] }],
      problems: [
        'Plan "starter" is listed more than once',
        "Rank 2 is used by more than one plan",
        "Exactly one active plan must have no prices (the free plan), not 0",
        'Plan "starter" has more than one price per month',
      ],
    },
  };
  for (const [what, { plans, problems }] of Object.entries(table)) {
    it(`P20 finds ${what}`, () => {
      const found = catalogProblems({ plans }).map(({ message }) => message);
      expect(found).to.deep.equal(problems);
    });
  }
});

describe("catalogProblems: places", () => {
  it("P20 names the second of two, for each kind of problem", () => {
    const [free, pro] = [samplePlan("free", 1), samplePlan("pro", 3)];
    const pack = {
      slug: "big",
      name: "Big",
      active: true,
      tokens: 1,
      amount: 100,
      currency: "eur",
    };
    const month = { interval: "month" as const, amount: 100, currency: "eur" };
    const found = catalogProblems({
      plans: [
        { ...free, trialDays: 7 },
        { ...free, rank: 5 },
        { ...pro, rank: 5, prices: [month, month] },
      ],
      packs: [pack, { ...pack, name: "Bigger" }],
    });
    expect(found.map(({ path }) => path)).to.deep.equal([
      "plans[1].slug",
      "packs[1].slug",
      "plans[2].rank",
      "plans",
      "plans[0].trialDays",
      "plans[2].prices[1].interval",
    ]);
  });
});

describe("findPlan", () => {
  it("P20 finds active and inactive plans by their slug, and no others", () => {
    const catalog = sampleCatalog([samplePlan("free", 1), samplePlan("old", 2, { active: false })]);
    expect(findPlan(catalog, "old")?.active).to.equal(false);
    expect(findPlan(catalog, "OLD")).to.equal(undefined);
    expect(findPlan(catalog, "__proto__")).to.equal(undefined);
  });
});

describe("planOfProduct", () => {
  it("P20 finds the plan of a product, grandfathered prices included", () => {
    expect(planOfProduct(sampleCatalog(), "prod_pro")?.slug).to.equal("pro");
    expect(planOfProduct(sampleCatalog(), "prod_other")).to.equal(undefined);
  });
});

describe("freePlan", () => {
  it("P36 is the active plan without prices", () => {
    const old = samplePlan("old_free", 9, { active: false, prices: [] });
    expect(freePlan(sampleCatalog([old, ...samplePlans()])).slug).to.equal("free");
  });

  it("P36 says what is missing where there is none", () => {
    expect(() => freePlan(sampleCatalog([samplePlan("pro", 3)]))).to.throw(
      TypeError,
      "Cannot find the free plan: the catalogue has no active plan without prices",
    );
  });
});

describe("isFree", () => {
  it("P20 is true for plans without prices only", () => {
    expect(samplePlans().map(isFree)).to.deep.equal([true, false, false, false]);
  });
});
