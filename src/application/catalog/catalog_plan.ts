import type { Catalog } from "../../domain/catalog/catalog.ts";
import { type FieldChange, fieldChanges } from "../../domain/catalog/field_change.ts";
import type { TaxBehavior } from "../../domain/catalog/paperwork.ts";
import type {
  PortalComparison,
  PortalOrder,
  PortalPurpose,
  PriceOrder,
  ProductOrder,
  PublishedPrice,
  PublishedProduct,
} from "../ports/catalog/catalog_publisher.ts";
import { type CatalogTarget, plannedCatalog, priceIdOf } from "./planned_catalog.ts";
import type { WantedCatalog } from "./wanted_catalog.ts";

/** A step towards the plans file. */
export type CatalogChange =
  | { readonly type: "create_product"; readonly product: ProductOrder }
  | {
      readonly type: "update_product";
      readonly product: ProductOrder;
      readonly fields: readonly FieldChange[];
    }
  /** `replaces` is the old price, which keeps its subscribers. */
  | {
      readonly type: "create_price";
      readonly price: PriceOrder;
      readonly replaces: PublishedPrice | null;
    }
  /** Says of a published price how it relates to its tax; that can be said once. */
  | {
      readonly type: "specify_tax";
      readonly lookupKey: string;
      readonly priceId: string;
      readonly taxBehavior: TaxBehavior;
    }
  /**
   * `configurationId` is `null` if the Portal has no configuration of ours for this purpose yet.
   */
  | {
      readonly type: "put_portal";
      readonly purpose: PortalPurpose;
      readonly configurationId: string | null;
      readonly fields: readonly FieldChange[];
    }
  /** What the service itself stores of the catalogue: limits, names, what is on offer. */
  | {
      readonly type: "update_stored";
      readonly what: string;
      /** Whether nothing of it was stored. */
      readonly isNew: boolean;
      readonly fields: readonly FieldChange[];
    };

/** The changes to make, and the catalogue they lead to. */
export interface CatalogPlan extends CatalogTarget {
  /** In the order in which to make them; empty if nothing differs. */
  readonly changes: readonly CatalogChange[];
}

/** Lists the steps that bring the provider's products and prices in line. */
export function offerChanges(
  { plans, packs }: WantedCatalog,
  published: {
    readonly products: readonly PublishedProduct[];
    readonly prices: readonly PublishedPrice[];
  },
): readonly CatalogChange[] {
  return [...plans, ...packs].flatMap(({ product, prices }) =>
    product === null
      ? []
      : [
          ...productChanges(product, published.products),
          ...prices.flatMap((price) => priceChanges(price, published.prices)),
        ],
  );
}

/** Finds the prices that are already as wanted, by their lookup keys. */
export function presentPrices(
  { plans, packs }: WantedCatalog,
  published: readonly PublishedPrice[],
): ReadonlyMap<string, string> {
  const orders = [...plans, ...packs].flatMap(({ prices }) => prices);
  return new Map(
    orders.flatMap((order) => {
      const found = published.find((price) => isSamePrice(price, order));
      return found === undefined ? [] : [[order.lookupKey, found.priceId] as const];
    }),
  );
}

/**
 * Returns what subscribers may switch to: through our own links, the active plans at their current
 * prices; on the home page, nothing.
 */
export function portalOffers(
  purpose: PortalPurpose,
  { plans }: WantedCatalog,
  priceIds: ReadonlyMap<string, string>,
): PortalOrder["offers"] {
  if (purpose === "home") {
    return [];
  }
  return plans
    .filter(({ definition }) => definition.active)
    .toSorted((a, b) => a.definition.rank - b.definition.rank)
    .flatMap(({ product, prices }) =>
      product === null || prices.length === 0
        ? []
        : [
            {
              productId: product.productId,
              priceIds: prices.map(({ lookupKey }) => priceIdOf(lookupKey, priceIds)),
            },
          ],
    );
}

/** Lists the steps for the Portal's configurations and for what is stored. */
export function localChanges(
  plan: CatalogTarget,
  comparisons: readonly PortalComparison[],
): readonly CatalogChange[] {
  const { stored } = plan;
  const after = plannedCatalog(plan);
  return [
    ...comparisons
      .filter(({ fields }) => fields.length > 0)
      .map((comparison) => ({ type: "put_portal", ...comparison }) as const),
    ...remembered("plan", stored?.plans ?? [], after.plans),
    ...remembered("token pack", stored?.packs ?? [], after.packs),
    ...storedPortals(stored, plan.portals),
  ];
}

/** Records the Portal's configurations; one that does not exist yet has no id. */
function storedPortals(
  stored: Catalog | undefined,
  { home, plan_change: planChange }: CatalogPlan["portals"],
): readonly CatalogChange[] {
  const before = {
    home: stored?.portalConfigurationId,
    planChange: stored?.planChangeConfigurationId,
  };
  const fields = fieldChanges(before, {
    home: home ?? before.home,
    planChange: planChange ?? before.planChange,
  });
  return fields.length === 0
    ? []
    : [
        {
          type: "update_stored",
          what: "the Customer Portal",
          isNew: fields.every((change) => change.before === null),
          fields,
        },
      ];
}

function productChanges(
  product: ProductOrder,
  published: readonly PublishedProduct[],
): readonly CatalogChange[] {
  const found = published.find(({ productId }) => productId === product.productId);
  if (found === undefined) {
    return [{ type: "create_product", product }];
  }
  const fields = fieldChanges(found, { ...product, active: true });
  return fields.length === 0 ? [] : [{ type: "update_product", product, fields }];
}

function priceChanges(
  price: PriceOrder,
  published: readonly PublishedPrice[],
): readonly CatalogChange[] {
  const { lookupKey, taxBehavior } = price;
  const found = published.find((one) => one.lookupKey === lookupKey) ?? null;
  if (found === null || !isSamePrice(found, price)) {
    return [{ type: "create_price", price, replaces: found }];
  }
  const { priceId } = found;
  return taxBehavior === null || found.taxBehavior === taxBehavior
    ? []
    : [{ type: "specify_tax", lookupKey, priceId, taxBehavior }];
}

/** A price of which nobody has said how it relates to its tax can still become the wanted one. */
function isSamePrice({ priceId: _, ...found }: PublishedPrice, order: PriceOrder): boolean {
  const taxBehavior = found.taxBehavior ?? order.taxBehavior;
  return fieldChanges({ ...found, taxBehavior }, order).length === 0;
}

function remembered<T extends { readonly slug: string }>(
  kind: string,
  before: readonly T[],
  after: readonly T[],
): readonly CatalogChange[] {
  return after.flatMap((one) => {
    const old = before.find(({ slug }) => slug === one.slug);
    const fields = fieldChanges(old ?? {}, one);
    const what = `${kind} "${one.slug}"`;
    return fields.length === 0
      ? []
      : [{ type: "update_stored", what, isNew: old === undefined, fields }];
  });
}
