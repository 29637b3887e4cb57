import type { Catalog } from "../../domain/catalog/catalog.ts";
import { type PaperworkSettings, paperworkOf } from "../../domain/catalog/paperwork.ts";
import type { TaxSetup } from "../ports/provider_inspection.ts";
import { type Finding, ok, problem, shortened } from "./finding.ts";

const CHECK = "tax";

/** What is sold with tax that Stripe computes. */
export interface TaxedOffers {
  /** How many plans and packs. */
  readonly count: number;
  /** Those with a price of which nobody has said how it relates to tax. */
  readonly unspecified: readonly string[];
}

/** Lists the plans and packs on sale whose tax Stripe computes. */
export function taxedOffers(
  { plans, packs }: Pick<Catalog, "plans" | "packs">,
  settings: PaperworkSettings,
): TaxedOffers {
  const offers = [
    ...plans.map((plan) => ({ name: `plan "${plan.slug}"`, own: plan, prices: plan.prices })),
    ...packs.map((pack) => ({ name: `token pack "${pack.slug}"`, own: pack, prices: [pack] })),
  ];
  const taxed = offers.filter(
    ({ own, prices }) => prices.length > 0 && paperworkOf(own, settings).automaticTax,
  );
  const unspecified = taxed.filter(({ prices }) => prices.some((price) => !price.taxBehavior));
  return { count: taxed.length, unspecified: unspecified.map(({ name }) => name) };
}

/**
 * Whether Stripe can compute the tax that is asked for; otherwise it refuses the Checkout.
 *
 * @param setup `null` if no tax is computed, or the sandbox does it
 */
export function judgeTax(setup: TaxSetup | null, { unspecified }: TaxedOffers): Finding {
  if (setup === null) {
    return ok(CHECK, "Nothing needs Stripe Tax");
  }
  if (!setup.isReady) {
    const lacks = setup.missing.length === 0 ? "" : `: it lacks ${shortened(setup.missing)}`;
    return problem(
      CHECK,
      `Stripe Tax is not set up${lacks}`,
      "Complete Settings > Tax in Stripe's dashboard: until then, nothing can be bought whose tax it computes",
    );
  }
  return setup.hasDefault || unspecified.length === 0
    ? ok(CHECK, "Stripe Tax is set up")
    : problem(
        CHECK,
        `Nobody has said whether these contain their tax: ${shortened(unspecified)}`,
        'Set "taxBehavior" in the plans file and run `npm run cli -- plans sync`, or set a default in Settings > Tax',
      );
}
