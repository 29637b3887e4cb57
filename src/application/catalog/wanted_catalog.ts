import {
  type Catalog,
  type CatalogDefinition,
  findPack,
  findPlan,
  type PlanDefinition,
  type PlanPriceDefinition,
  type TokenPackDefinition,
} from "../../domain/catalog/catalog.ts";
import type {
  PriceOrder,
  ProductOrder,
  PublishedPrice,
} from "../ports/catalog/catalog_publisher.ts";

/** An offer under one product, with the prices it should have. */
export interface WantedOffer<Definition> {
  readonly definition: Definition;
  /** `null` for a plan that never had a price. */
  readonly product: ProductOrder | null;
  readonly prices: readonly PriceOrder[];
}

/** The plans file in the provider's terms. */
export interface WantedCatalog {
  readonly plans: readonly WantedOffer<PlanDefinition>[];
  readonly packs: readonly WantedOffer<TokenPackDefinition>[];
}

/** Returns the lookup keys of a catalogue's prices. */
export function lookupKeysOf({ plans, packs = [] }: CatalogDefinition): readonly string[] {
  return [
    ...plans.flatMap((plan) => plan.prices.map((price) => lookupKeyOf(plan, price))),
    ...packs.map(packLookupKey),
  ];
}

/** Returns the lookup key of a plan's current price. */
export function lookupKeyOf(plan: PlanDefinition, price: PlanPriceDefinition): string {
  return `mailingcore_${plan.slug}_${price.interval}`;
}

/**
 * Returns the products and prices that a catalogue describes. Keeps a product that is already
 * known, from the store or by its prices, so that its subscribers stay on their plan.
 */
export function wantedCatalog(
  { plans, packs = [] }: CatalogDefinition,
  { stored, published }: { stored: Catalog | undefined; published: readonly PublishedPrice[] },
): WantedCatalog {
  const productOf = (lookupKeys: readonly string[]) =>
    published.find(({ lookupKey }) => lookupKeys.includes(lookupKey))?.productId;
  // What an operator has said of the price before holds for the one that replaces it.
  const taxOf = (lookupKey: string) =>
    published.find((price) => price.lookupKey === lookupKey)?.taxBehavior ?? null;
  return {
    plans: plans.map((definition) => {
      const { slug: planSlug, name } = definition;
      const lookupKeys = definition.prices.map((price) => lookupKeyOf(definition, price));
      const productId =
        (stored && findPlan(stored, planSlug)?.productId) ??
        productOf(lookupKeys) ??
        (lookupKeys.length === 0 ? null : `mailingcore_${planSlug}`);
      return {
        definition,
        product: productId === null ? null : { productId, name, planSlug },
        prices:
          productId === null
            ? []
            : definition.prices.map((price) => {
                const { interval, amount, currency } = price;
                const lookupKey = lookupKeyOf(definition, price);
                const taxBehavior = price.taxBehavior ?? taxOf(lookupKey);
                return { productId, lookupKey, amount, currency, interval, taxBehavior };
              }),
      };
    }),
    packs: packs.map((definition) => {
      const { slug: packSlug, amount, currency } = definition;
      const lookupKey = packLookupKey(definition);
      const productId =
        (stored && findPack(stored, packSlug)?.productId) ??
        productOf([lookupKey]) ??
        `mailingcore_pack_${packSlug}`;
      const taxBehavior = definition.taxBehavior ?? taxOf(lookupKey);
      const prices = [{ productId, lookupKey, amount, currency, interval: null, taxBehavior }];
      return { definition, product: { productId, name: packTitle(definition), packSlug }, prices };
    }),
  };
}

/** What Checkout and invoices call a pack: plans may have its name, too. */
function packTitle({ name, tokens }: TokenPackDefinition): string {
  return `${name}: ${new Intl.NumberFormat("en-US").format(tokens)} AI tokens`;
}

function packLookupKey({ slug }: TokenPackDefinition): string {
  return `mailingcore_pack_${slug}_once`;
}
