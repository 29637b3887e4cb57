import type {
  CatalogPublisher,
  PortalComparison,
  PortalOrder,
  PriceOrder,
  ProductOrder,
  PublishedPrice,
  PublishedProduct,
} from "../../src/application/ports/catalog/catalog_publisher.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import { fieldChanges } from "../../src/domain/catalog/field_change.ts";
import type { TaxBehavior } from "../../src/domain/catalog/paperwork.ts";

/** Products and prices as a provider keeps them; a test can make any call fail. */
export class ScriptedPublisher implements CatalogPublisher {
  readonly published = new Map<string, PublishedProduct>();
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
  async products(productIds: readonly string[]): Promise<readonly PublishedProduct[]> {
    this.onCall("products");
    return productIds.flatMap((productId) => this.published.get(productId) ?? []);
  }

  /** {@inheritDoc} */
  async putProduct(product: ProductOrder): Promise<void> {
    this.onCall("putProduct");
    const { productId } = product;
    this.published.set(productId, { planSlug: null, packSlug: null, ...product, active: true });
  }

  /** {@inheritDoc} */
  async createPrice(price: PriceOrder): Promise<PublishedPrice> {
    this.onCall("createPrice");
    const { productId, lookupKey, amount, currency, interval, taxBehavior } = price;
    const priceId = `price_${this.created.length + 1}`;
    const published = { priceId, productId, lookupKey, amount, currency, interval, taxBehavior };
    this.created.push(published);
    this.#byLookupKey.set(lookupKey, published);
    return published;
  }

  /** {@inheritDoc} */
  async specifyTax({
    priceId,
    taxBehavior,
  }: {
    priceId: string;
    taxBehavior: TaxBehavior;
  }): Promise<void> {
    this.onCall("specifyTax");
    const found = this.created.find((price) => price.priceId === priceId);
    if (found === undefined || found.taxBehavior !== null) {
      throw new PortError(`Cannot update price "${priceId}"`, { transient: false });
    }
    Object.assign(found, { taxBehavior });
  }

  /** {@inheritDoc} */
  async comparePortal(order: PortalOrder): Promise<PortalComparison> {
    this.onCall("comparePortal");
    const { purpose } = order;
    const present = this.portals.findLast((portal) => portal.purpose === purpose);
    const configurationId = present === undefined ? null : `bpc_${purpose}`;
    return { purpose, configurationId, fields: fieldChanges(present ?? {}, order) };
  }

  /** {@inheritDoc} */
  async putPortalConfiguration(order: PortalOrder): Promise<string> {
    this.onCall("putPortalConfiguration");
    this.portals.push(order);
    return `bpc_${order.purpose}`;
  }
}
