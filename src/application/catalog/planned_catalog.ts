import type {
  Catalog,
  Plan,
  PlanDefinition,
  TokenPack,
  TokenPackDefinition,
} from "../../domain/catalog/catalog.ts";
import type { PortalPurpose, PriceOrder } from "../ports/catalog/catalog_publisher.ts";
import type { WantedCatalog, WantedOffer } from "./wanted_catalog.ts";

/** What a catalogue is made from. */
export interface CatalogTarget {
  /** The prices that exist already, by their lookup keys. */
  readonly priceIds: ReadonlyMap<string, string>;
  readonly wanted: WantedCatalog;
  readonly stored: Catalog | undefined;
  /** The Portal's configurations; `null` for one that does not exist yet. */
  readonly portals: Readonly<Record<PortalPurpose, string | null>>;
}

/**
 * Returns the catalogue that its target describes. Plans and packs that are no longer in the plans
 * file stay in it as inactive ones.
 */
export function plannedCatalog(plan: CatalogTarget): Catalog {
  const { wanted, stored, priceIds, portals } = plan;
  const plans = wanted.plans.map((offer) => planOf(offer, priceIds));
  const packs = wanted.packs.map((offer) => packOf(offer, priceIds));
  return {
    revision: stored?.revision ?? 0,
    plans: [...plans, ...retired(plans, stored?.plans ?? [])],
    packs: [...packs, ...retired(packs, stored?.packs ?? [])],
    portalConfigurationId: portals.home ?? "",
    planChangeConfigurationId: portals.plan_change ?? "",
  };
}

/** Returns the id of a price; until it is created, its lookup key stands for it. */
export function priceIdOf(lookupKey: string, priceIds: ReadonlyMap<string, string>): string {
  return priceIds.get(lookupKey) ?? `new:${lookupKey}`;
}

function planOf(
  { definition, product, prices }: WantedOffer<PlanDefinition>,
  priceIds: ReadonlyMap<string, string>,
): Plan {
  return {
    ...definition,
    productId: product?.productId ?? null,
    prices: definition.prices.map((price) => {
      const order = prices.find(({ interval }) => interval === price.interval);
      return {
        ...price,
        ...taxOf(order),
        priceId: priceIdOf(order?.lookupKey ?? "", priceIds),
      };
    }),
  };
}

function packOf(
  { definition, product, prices: [price] }: WantedOffer<TokenPackDefinition>,
  priceIds: ReadonlyMap<string, string>,
): TokenPack {
  return {
    ...definition,
    productId: product?.productId ?? "",
    ...taxOf(price),
    priceId: priceIdOf(price?.lookupKey ?? "", priceIds),
  };
}

function taxOf(order: PriceOrder | undefined): Pick<TokenPack, "taxBehavior"> {
  const taxBehavior = order?.taxBehavior ?? null;
  return taxBehavior === null ? {} : { taxBehavior };
}

function retired<T extends { readonly slug: string; readonly active: boolean }>(
  current: readonly T[],
  stored: readonly T[],
): T[] {
  return stored
    .filter(({ slug }) => !current.some((one) => one.slug === slug))
    .map((one) => ({ ...one, active: false }));
}
