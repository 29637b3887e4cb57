import type { Interval } from "../../../domain/catalog/catalog.ts";
import type { FieldChange } from "../../../domain/catalog/field_change.ts";
import type { TaxBehavior } from "../../../domain/catalog/paperwork.ts";

/** A product as it should be. It sells a plan or a token pack. */
export type ProductOrder = { readonly productId: string; readonly name: string } & (
  | { readonly planSlug: string }
  | { readonly packSlug: string }
);

/** A product as it exists at the payment provider. */
export interface PublishedProduct {
  readonly productId: string;
  readonly name: string;
  /** Whether it can be sold. */
  readonly active: boolean;
  /** `null` where it does not say so. */
  readonly planSlug: string | null;
  /** `null` where it does not say so. */
  readonly packSlug: string | null;
}

/** A price to create. */
export interface PriceOrder {
  readonly productId: string;
  readonly lookupKey: string;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** `null` for a price that is paid once. */
  readonly interval: Interval | null;
  /** `null` where nobody has said. */
  readonly taxBehavior: TaxBehavior | null;
}

/** A price at the payment provider, found by its lookup key. */
export interface PublishedPrice {
  readonly priceId: string;
  readonly productId: string;
  readonly lookupKey: string;
  readonly amount: number;
  readonly currency: string;
  /** `null` for one-time prices, and for intervals that no plan has. */
  readonly interval: Interval | null;
  /** `null` where nobody has said. */
  readonly taxBehavior: TaxBehavior | null;
}

/**
 * The purposes of our Portal configurations. Customers reach the `home` page by themselves; only
 * our own links lead to a `plan_change`.
 */
const PORTAL_PURPOSES = ["home", "plan_change"] as const;

/** One of {@link PORTAL_PURPOSES}. */
export type PortalPurpose = (typeof PORTAL_PURPOSES)[number];

/** What a Portal configuration should be. */
export interface PortalOrder {
  readonly purpose: PortalPurpose;
  readonly returnUrl: string;
  /**
   * The plans that customers may switch to, with their prices: at most ten; none on the home page.
   */
  readonly offers: readonly { readonly productId: string; readonly priceIds: readonly string[] }[];
}

/** How one of our Portal configurations differs from its order. */
export interface PortalComparison {
  readonly purpose: PortalPurpose;
  /** `null` if it does not exist yet. */
  readonly configurationId: string | null;
  /** Empty if nothing differs. */
  readonly fields: readonly FieldChange[];
}

/**
 * Publishes products, prices and Portal configurations at the payment provider. Repeating a call
 * creates nothing twice. Every method throws `PortError`.
 */
export interface CatalogPublisher {
  /** Lists the active prices that hold one of these lookup keys. */
  prices(lookupKeys: readonly string[]): Promise<readonly PublishedPrice[]>;

  /** Lists those of these products that exist, in any order. */
  products(productIds: readonly string[]): Promise<readonly PublishedProduct[]>;

  /** Creates or updates a product: afterwards it has this id and name and can be sold. */
  putProduct(product: ProductOrder): Promise<void>;

  /** Creates a price and moves the lookup key to it. The old price keeps its subscribers. */
  createPrice(price: PriceOrder): Promise<PublishedPrice>;

  /** Says how a price relates to its tax, which can be said once. */
  specifyTax(price: { readonly priceId: string; readonly taxBehavior: TaxBehavior }): Promise<void>;

  /**
   * Compares our configuration for a purpose with an order; the order's prices need not exist yet.
   */
  comparePortal(configuration: PortalOrder): Promise<PortalComparison>;

  /** Creates or updates our configuration for a purpose; returns its id. */
  putPortalConfiguration(configuration: PortalOrder): Promise<string>;
}
