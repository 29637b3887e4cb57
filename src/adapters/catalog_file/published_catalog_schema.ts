import { INTERVALS, MAX_OFFERED_PLANS, ONLY_PAID } from "../../domain/catalog/catalog.ts";
import { CURRENCIES, type Currency } from "../../domain/catalog/currencies.ts";
import type { JsonSchema } from "../../kit/json_schema.ts";
import { catalogSchema } from "./catalog_schema.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

const WITHOUT_PRICES = { type: "object", properties: { prices: { type: "array", maxItems: 0 } } };
const ACTIVE = { type: "object", properties: { active: { const: true } } };

/**
 * Returns the JSON Schema for editors of `plans.json`: its shape, and what `catalogProblems` checks
 * as far as a schema can say it. It cannot say that slugs and ranks differ.
 */
export function publishedCatalogSchema(): JsonSchema {
  const offered = { allOf: [ACTIVE, { not: WITHOUT_PRICES }] };
  const schema = catalogSchema({
    plans: {
      allOf: [
        { contains: { allOf: [ACTIVE, WITHOUT_PRICES] }, minContains: 1, maxContains: 1 },
        { contains: offered, minContains: 0, maxContains: MAX_OFFERED_PLANS },
      ],
    },
    plan: {
      if: WITHOUT_PRICES,
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        type: "object",
        properties: Object.fromEntries(ONLY_PAID.map((field) => [field, false])),
      },
    },
    prices: {
      allOf: INTERVALS.map((interval) => ({
        contains: { type: "object", properties: { interval: { const: interval } } },
        minContains: 0,
        maxContains: 1,
      })),
    },
    money: { $ref: "#/$defs/money" },
  });
  const known = { type: "object", properties: { currency: { enum: [...CURRENCIES.keys()] } } };
  const money = { allOf: [known, ...limits()] };
  return { $schema: DIALECT, title: "Plans and token packs on offer", ...schema, $defs: { money } };
}

/** What an amount can be, once for all currencies with the same limits. */
function limits(): JsonSchema[] {
  const groups = Map.groupBy(CURRENCIES, ([, currency]) => JSON.stringify(amountOf(currency)));
  return [...groups].map(([amount, group]) => ({
    if: { type: "object", properties: { currency: { enum: group.map(([code]) => code) } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { type: "object", properties: { amount: JSON.parse(amount) } },
  }));
}

function amountOf({ least, most, step }: Currency): JsonSchema {
  return { type: "integer", minimum: least, maximum: most, ...(step > 1 && { multipleOf: step }) };
}
