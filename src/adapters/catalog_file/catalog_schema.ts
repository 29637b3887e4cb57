import { type CatalogDefinition, INTERVALS } from "../../domain/catalog/catalog.ts";
import { PAPERWORK_FIELDS, TAX_BEHAVIORS } from "../../domain/catalog/paperwork.ts";
import { LIMIT_FIELDS, PLAN_LIMITS } from "../../domain/catalog/plan_limits.ts";
import { compileSchema, type JsonSchema } from "../../kit/json_schema.ts";

const LIMIT = { type: ["integer", "null"], minimum: 0 } as const;

const SLUG = { type: "string", pattern: "^[a-z][a-z0-9-]{0,39}$" } as const;
const NAME = { type: "string", minLength: 1, maxLength: 100 } as const;
/** How much it may be depends on the currency. */
const AMOUNT = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
const CURRENCY = { type: "string", pattern: "^[a-z]{3}$" } as const;
const PAPERWORK = Object.fromEntries(PAPERWORK_FIELDS.map((field) => [field, { type: "boolean" }]));
const TAX_BEHAVIOR = { enum: TAX_BEHAVIORS };
const MAX_TOKENS = 1_000_000_000_000;

/** What else holds for the parts of a catalogue. */
export interface CatalogRules {
  readonly plans?: JsonSchema;
  readonly plan?: JsonSchema;
  readonly prices?: JsonSchema;
  /** A price or pack: an amount in a currency. */
  readonly money?: JsonSchema;
}

/** Checks that a value has the shape of `plans.json`; `catalogProblems` says the rest in words. */
export const checkCatalogShape = compileSchema<CatalogDefinition>(catalogSchema({}));

/** Returns the JSON Schema of `plans.json`, draft 2020-12. */
export function catalogSchema(rules: CatalogRules): JsonSchema {
  return {
    type: "object",
    required: ["plans"],
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      plans: {
        type: "array",
        minItems: 1,
        ...rules.plans,
        items: {
          ...rules.plan,
          type: "object",
          required: ["slug", "name", "rank", "active", ...LIMIT_FIELDS, "prices"],
          additionalProperties: false,
          properties: {
            slug: SLUG,
            name: NAME,
            rank: { type: "integer", minimum: 0 },
            active: { type: "boolean" },
            monthlyEmailLimit: LIMIT,
            tokensIncludedMonth: { type: "integer", minimum: 0, maximum: MAX_TOKENS },
            ...Object.fromEntries(PLAN_LIMITS.map(({ field }) => [field, LIMIT])),
            ...PAPERWORK,
            trialDays: { type: "integer", minimum: 1, maximum: 730 },
            prices: {
              type: "array",
              ...rules.prices,
              items: {
                ...rules.money,
                type: "object",
                required: ["interval", "amount", "currency"],
                additionalProperties: false,
                properties: {
                  interval: { enum: INTERVALS },
                  amount: AMOUNT,
                  currency: CURRENCY,
                  taxBehavior: TAX_BEHAVIOR,
                },
              },
            },
          },
        },
      },
      packs: {
        type: "array",
        items: {
          ...rules.money,
          type: "object",
          required: ["slug", "name", "active", "tokens", "amount", "currency"],
          additionalProperties: false,
          properties: {
            slug: SLUG,
            name: NAME,
            active: { type: "boolean" },
            tokens: { type: "integer", minimum: 1, maximum: MAX_TOKENS },
            amount: AMOUNT,
            currency: CURRENCY,
            taxBehavior: TAX_BEHAVIOR,
            ...PAPERWORK,
            invoice: { type: "boolean" },
          },
        },
      },
    },
  };
}
