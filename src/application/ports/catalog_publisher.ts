import type { Interval, PlanPriceDefinition } from "../../domain/catalog.ts";

/** A price at the payment provider that is found by its lookup key. */
export interface PublishedPrice {
  readonly priceId: string;
  readonly productId: string;
  readonly lookupKey: string;
  readonly amount: number;
  readonly currency: string;
  readonly interval: Interval | null;
}

/**
 * The payment provider's products, prices and Portal configuration. Every method can be repeated
 * without making a second one, and throws `PortError`.
 */
export interface CatalogPublisher {
  /** The active prices that hold one of these lookup keys. */
  prices(lookupKeys: readonly string[]): Promise<readonly PublishedPrice[]>;

  /** Makes sure that a product with this id exists and has this name. */
  putProduct(product: { productId: string; name: string; planSlug: string }): Promise<void>;

  /** Creates a price and moves the lookup key to it; the old price stays for its subscribers. */
  createPrice(
    price: PlanPriceDefinition & { productId: string; lookupKey: string },
  ): Promise<PublishedPrice>;

  /** Makes sure that our Portal configuration exists as it should be; answers its id. */
  putPortalConfiguration(configuration: { returnUrl: string }): Promise<string>;
}
