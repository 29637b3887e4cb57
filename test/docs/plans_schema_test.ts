import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { publishedCatalogSchema } from "../../src/adapters/catalog_file/published_catalog_schema.ts";
import {
  type CatalogDefinition,
  catalogProblems,
  type PlanDefinition,
} from "../../src/domain/catalog/catalog.ts";
import { CURRENCIES } from "../../src/domain/catalog/currencies.ts";
import { countableLimits } from "../../src/domain/catalog/plan_limits.ts";
import { compileSchema } from "../../src/kit/json_schema.ts";
import { plansSchemaText } from "./plans_schema_text.ts";

const check = compileSchema<CatalogDefinition>(publishedCatalogSchema());

const FREE: PlanDefinition = {
  slug: "free",
  name: "Free",
  rank: 0,
  active: true,
  monthlyEmailLimit: null,
  tokensIncludedMonth: 0,
  ...countableLimits(() => null),
  prices: [],
};
const PRICE = { interval: "month" as const, amount: 900, currency: "eur" };
const PACK = {
  slug: "small",
  name: "Small",
  active: true,
  tokens: 1,
  amount: 900,
  currency: "eur",
};

const paid = (changes: Partial<PlanDefinition> = {}): PlanDefinition => ({
  ...FREE,
  slug: "pro",
  rank: 1,
  prices: [PRICE],
  ...changes,
});

/** Whether the schema, and the service, find no fault. */
function verdicts(definition: CatalogDefinition): { schema: boolean; service: boolean } {
  return { schema: check(definition).ok, service: catalogProblems(definition).length === 0 };
}

describe("plans.schema.json", () => {
  it("is what `npm run docs` writes, and what the shipped plans name and fit", async () => {
    expect(await readFile("plans.schema.json", "utf8")).to.equal(plansSchemaText());
    const shipped = JSON.parse(await readFile("plans.json", "utf8"));
    expect(shipped.$schema).to.equal("./plans.schema.json");
    expect(check(shipped)).to.have.property("ok", true);
  });

  for (const [currency, { least, most, step }] of CURRENCIES) {
    it(`P42 takes the amounts in ${currency.toUpperCase()} that can be paid, and no others`, () => {
      const first = Math.ceil(least / step) * step;
      const last = Math.floor(most / step) * step;
      const amounts = [least - 1, first - step, first, first + 1, first + step, last, last + 1];
      const fits = [...amounts, most + step].map((amount) => {
        const money = { amount, currency };
        const plan = verdicts({ plans: [FREE, paid({ prices: [{ ...PRICE, ...money }] })] });
        const pack = verdicts({ plans: [FREE], packs: [{ ...PACK, ...money }] });
        expect(plan.schema, `plan, ${amount}`).to.equal(plan.service);
        expect(pack, `pack, ${amount}`).to.deep.equal(plan);
        return plan.schema;
      });
      const [, , atLeast, , nextStep, atMost] = fits;
      expect([atLeast, nextStep, atMost, fits.at(-1)]).to.deep.equal([true, true, true, false]);
    });
  }

  it("P42 takes no currency that Stripe does not charge in", () => {
    for (const currency of ["zzz", "btc", "EUR", "", "eurx"]) {
      const plans = [FREE, paid({ prices: [{ ...PRICE, currency }] })];
      expect(verdicts({ plans }), currency).to.deep.equal({ schema: false, service: false });
    }
  });

  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => paid({ slug: `p${index}`, rank: index + 1 }));
  const YEAR = { ...PRICE, interval: "year" as const };
  const CASES: Readonly<Record<string, [fits: boolean, definition: CatalogDefinition]>> = {
    "a price per interval": [true, { plans: [FREE, paid({ prices: [PRICE, YEAR] })] }],
    "two prices per month": [false, { plans: [FREE, paid({ prices: [PRICE, PRICE] })] }],
    "two prices per year": [false, { plans: [FREE, paid({ prices: [YEAR, PRICE, YEAR] })] }],
    "no free plan": [false, { plans: [paid()] }],
    "a free plan that is not active": [false, { plans: [{ ...FREE, active: false }, paid()] }],
    "two free plans": [false, { plans: [FREE, { ...FREE, slug: "none", rank: 2 }] }],
    "ten plans on offer": [true, { plans: [FREE, ...many(10)] }],
    "eleven plans on offer": [false, { plans: [FREE, ...many(11)] }],
    "an eleventh plan, no longer on offer": [
      true,
      { plans: [FREE, ...many(10), paid({ slug: "old", rank: 99, active: false })] },
    ],
    "a trial of the free plan": [false, { plans: [{ ...FREE, trialDays: 7 }] }],
    "tax on the free plan": [false, { plans: [{ ...FREE, automaticTax: true }] }],
    "trial and paperwork of a plan": [
      true,
      { plans: [FREE, paid({ trialDays: 7, automaticTax: true, taxIds: true })] },
    ],
  };
  for (const [name, [fits, definition]] of Object.entries(CASES)) {
    it(`P42 says what the service says of ${name}`, () => {
      expect(verdicts(definition)).to.deep.equal({ schema: fits, service: fits });
    });
  }
});
