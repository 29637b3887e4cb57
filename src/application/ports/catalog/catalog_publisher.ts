import type { Interval } from "../../../domain/catalog/catalog.ts";
import type { FieldChange } from "../../../domain/catalog/field_change.ts";

/** A product as it should be: what it sells is a plan or a token pack. */
export type ProductOrder = { readonly productId: string; readonly name: string } & (
  | { readonly planSlug: string }
  | { readonly packSlug: string }
);

/** A product as it is. */
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

/** A price that is to be created. */
export interface PriceOrder {
  readonly productId: string;
  readonly lookupKey: string;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** `null` is paid once. */
  readonly interval: Interval | null;
}

/** A price at the payment provider that is found by its lookup key. */
export interface PublishedPrice {
  readonly priceId: string;
  readonly productId: string;
  readonly lookupKey: string;
  readonly amount: number;
  readonly currency: string;
  /** `null` for one-time prices, and for intervals that no plan has. */
  readonly interval: Interval | null;
}

/**
 * What our Portal configurations are for: people come to the `home` page by themselves, and only
 * our own links lead to a `plan_change`.
 */
const PORTAL_PURPOSES = ["home", "plan_change"] as const;

/** One of {@link PORTAL_PURPOSES}. */
export type PortalPurpose = (typeof PORTAL_PURPOSES)[number];

/** What a configuration of the Portal is made to be. */
export interface PortalOrder {
  readonly purpose: PortalPurpose;
  readonly returnUrl: string;
  /** The plans that customers may change to, each with its prices; at most ten, none at home. */
  readonly offers: readonly { readonly productId: string; readonly priceIds: readonly string[] }[];
}

/** How one of our Portal configurations is not yet as it is wanted. */
export interface PortalComparison {
  readonly purpose: PortalPurpose;
  /** `null` where there is none. */
  readonly configurationId: string | null;
  /** Empty where it is as wanted. */
  readonly fields: readonly FieldChange[];
}

/**
 * The payment provider's products, prices and Portal configurations. Every method can be repeated
 * without making a second one, and throws `PortError`.
 */
export interface CatalogPublisher {
  /** The active prices that hold one of these lookup keys. */
  prices(lookupKeys: readonly string[]): Promise<readonly PublishedPrice[]>;

  /** Those of these products that exist, in any order. */
  products(productIds: readonly string[]): Promise<readonly PublishedProduct[]>;

  /** Makes sure that a product with this id exists, has this name and can be sold. */
  putProduct(product: ProductOrder): Promise<void>;

  /** Creates a price and moves the lookup key to it; the old price stays for its subscribers. */
  createPrice(price: PriceOrder): Promise<PublishedPrice>;

  /** Compares our configuration for a purpose with an order, whose prices need not exist yet. */
  comparePortal(configuration: PortalOrder): Promise<PortalComparison>;

  /** Makes sure that our configuration for a purpose exists as it should be; answers its id. */
  putPortalConfiguration(configuration: PortalOrder): Promise<string>;
}
