import type { Catalog, Interval, Plan, TokenPack } from "../../src/domain/catalog/catalog.ts";
import type { Paperwork } from "../../src/domain/catalog/paperwork.ts";
import { countableLimits } from "../../src/domain/catalog/plan_limits.ts";
import { DIFFICULT_TEXT } from "./text.ts";

/** A plan of the sample catalogue; its product is `prod_` and its slug. */
export function samplePlan(slug: string, rank: number, changes: Partial<Plan> = {}): Plan {
  return {
    slug,
    name: slug.toUpperCase(),
    rank,
    active: true,
    monthlyEmailLimit: rank * 1_000,
    tokensIncludedMonth: rank * 100,
    ...countableLimits(() => rank),
    productId: rank === 1 ? null : `prod_${slug}`,
    prices: rank === 1 ? [] : [samplePrice(slug, rank, "month"), samplePrice(slug, rank, "year")],
    ...changes,
  };
}

function samplePrice(slug: string, rank: number, interval: Interval) {
  const amount = rank * (interval === "month" ? 1_000 : 10_000);
  return { interval, amount, currency: "eur", priceId: `price_${slug}_${interval}` };
}

/** Plans free, starter, pro and business with 100, 200, 300 and 400 tokens a month. */
export function sampleCatalog(plans: readonly Plan[] = samplePlans()): Catalog {
  return {
    revision: 1,
    plans,
    packs: samplePacks(),
    portalConfigurationId: "bpc_sample",
    planChangeConfigurationId: "bpc_change",
  };
}

/** The plans of the sample catalogue, lowest rank first. */
export function samplePlans(): Plan[] {
  return [
    samplePlan("free", 1),
    samplePlan("starter", 2),
    samplePlan("pro", 3),
    samplePlan("business", 4),
  ];
}

/** The active packs starter (1,000 tokens for 500) and growth, and the retired pack old. */
export function samplePacks(): TokenPack[] {
  return [
    samplePack("starter", 1_000, 500),
    samplePack("growth", 5_000, 2_000),
    samplePack("old", 10, 5, { active: false }),
  ];
}

/** A token pack; its product is `prod_pack_` and its slug. */
export function samplePack(
  slug: string,
  tokens: number,
  amount: number,
  changes: Partial<TokenPack> = {},
): TokenPack {
  const ids = { productId: `prod_pack_${slug}`, priceId: `price_pack_${slug}` };
  const name = slug.toUpperCase();
  return { slug, name, active: true, tokens, amount, currency: "eur", ...ids, ...changes };
}

/** A catalogue with the extremes that a store has to keep, never saved. */
export function fullCatalog(changes: Partial<Catalog> = {}): Catalog {
  const yearly = samplePrice("pro", 10, "year");
  return {
    revision: 0,
    plans: [
      samplePlan("free", 1, { monthlyEmailLimit: 0, tokensIncludedMonth: 0 }),
      samplePlan("pro", 10, {
        name: DIFFICULT_TEXT,
        monthlyEmailLimit: null,
        trialDays: 14,
        automaticTax: true,
        taxIds: false,
        promotionCodes: true,
        ...countableLimits(() => null),
      }),
      samplePlan("old", -1, {
        active: false,
        monthlyEmailLimit: 0,
        tokensIncludedMonth: 1,
        ...countableLimits(() => 3),
        prices: [{ ...yearly, taxBehavior: "exclusive" }],
      }),
    ],
    packs: [
      samplePack("small", 1, 500, { name: DIFFICULT_TEXT }),
      samplePack("gone", Number.MAX_SAFE_INTEGER, 500, {
        active: false,
        taxBehavior: "inclusive",
        promotionCodes: false,
        invoice: false,
      }),
    ],
    portalConfigurationId: "bpc_1",
    planChangeConfigurationId: "bpc_change",
    ...changes,
  };
}

/** Checkout asks for nothing and takes no promotion codes. */
export const NO_PAPERWORK: Paperwork = {
  automaticTax: false,
  taxIds: false,
  promotionCodes: false,
};
