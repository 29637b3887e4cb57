import type {
  CatalogPublisher,
  PortalOrder,
  PriceOrder,
  ProductOrder,
  PublishedPrice,
} from "../../src/application/ports/catalog_publisher.ts";

/** Products and prices as a provider keeps them; a test can make any call fail. */
export class ScriptedPublisher implements CatalogPublisher {
  readonly products = new Map<string, Omit<ProductOrder, "productId">>();
  readonly created: PublishedPrice[] = [];
  readonly portals: PortalOrder[] = [];
  /** Runs ahead of every call; what it throws the call throws. */
  onCall: (method: keyof CatalogPublisher) => void = () => undefined;
  readonly #byLookupKey = new Map<string, PublishedPrice>();

  /** {@inheritDoc} */
  async prices(lookupKeys: readonly string[]): Promise<readonly PublishedPrice[]> {
    this.onCall("prices");
    return lookupKeys.flatMap((lookupKey) => this.#byLookupKey.get(lookupKey) ?? []);
  }

  /** {@inheritDoc} */
  async putProduct({ productId, ...product }: ProductOrder): Promise<void> {
    this.onCall("putProduct");
    this.products.set(productId, product);
  }

  /** {@inheritDoc} */
  async createPrice(price: PriceOrder): Promise<PublishedPrice> {
    this.onCall("createPrice");
    const { productId, lookupKey, amount, currency, interval } = price;
    const priceId = `price_${this.created.length + 1}`;
    const published = { priceId, productId, lookupKey, amount, currency, interval };
    this.created.push(published);
    this.#byLookupKey.set(lookupKey, published);
    return published;
  }

  /** {@inheritDoc} */
  async putPortalConfiguration(order: PortalOrder): Promise<string> {
    this.onCall("putPortalConfiguration");
    this.portals.push(order);
    return "bpc_published";
  }
}
