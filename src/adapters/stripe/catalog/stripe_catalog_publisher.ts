import type { Stripe } from "stripe";
import type {
  CatalogPublisher,
  PortalComparison,
  PortalOrder,
  PriceOrder,
  ProductOrder,
  PublishedPrice,
  PublishedProduct,
} from "../../../application/ports/catalog/catalog_publisher.ts";
import type { TaxBehavior } from "../../../domain/catalog/paperwork.ts";
import { callStripe, type StripeAnswer } from "../call_stripe.ts";
import { createOnce, idempotencyKeyOf } from "../create_once.ts";
import { listAll } from "../list_all.ts";
import { stripeCodeOf } from "../port_error_of.ts";
import type { WireObject } from "../wire_object.ts";
import { mapPrice } from "./map_price.ts";
import { MANAGED_BY } from "./portal_settings.ts";
import { StripePortalConfigurations } from "./stripe_portal_configurations.ts";

/** Stripe's limit on `lookup_keys`. Source: Stripe API, "List all prices". */
const LOOKUP_KEYS_PER_CALL = 10;
const LARGEST_PAGE = 100;

/** Publishes products, prices and Portal configurations to Stripe. */
export class StripeCatalogPublisher implements CatalogPublisher {
  readonly #stripe: Stripe;
  readonly #portal: StripePortalConfigurations;

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
    this.#portal = new StripePortalConfigurations(stripe);
  }

  /** {@inheritDoc} */
  async prices(lookupKeys: readonly string[]): Promise<readonly PublishedPrice[]> {
    const found: PublishedPrice[] = [];
    for (let at = 0; at < lookupKeys.length; at += LOOKUP_KEYS_PER_CALL) {
      const params = {
        active: true,
        lookup_keys: lookupKeys.slice(at, at + LOOKUP_KEYS_PER_CALL),
        limit: LARGEST_PAGE,
      };
      const pages = listAll({ action: "list the prices", object: "price" }, (cursor) =>
        this.#stripe.prices.list({ ...params, ...cursor }),
      );
      for await (const wire of pages) {
        const price = mapPrice(wire);
        if (price !== null) {
          found.push(price);
        }
      }
    }
    return found;
  }

  /** {@inheritDoc} */
  async products(productIds: readonly string[]): Promise<readonly PublishedProduct[]> {
    const found: PublishedProduct[] = [];
    for (let at = 0; at < productIds.length; at += LARGEST_PAGE) {
      const params = { ids: productIds.slice(at, at + LARGEST_PAGE), limit: LARGEST_PAGE };
      // Stripe accepts no cursor together with ids, but one page holds them all.
      const pages = listAll({ action: "list the products", object: "product" }, () =>
        this.#stripe.products.list(params),
      );
      for await (const wire of pages) {
        found.push(mapProduct(wire));
      }
    }
    return found;
  }

  /** {@inheritDoc} */
  async putProduct({ productId: id, name, ...sold }: ProductOrder): Promise<void> {
    const metadata = { ...sold, managedBy: MANAGED_BY };
    // The product's id already prevents a second creation. A longer-lived idempotency key would
    // replay the first answer and hide a later rename.
    const options = { idempotencyKey: `product-${crypto.randomUUID()}` };
    try {
      await callStripe({ action: `create product "${id}"`, object: "product", id }, () =>
        this.#stripe.products.create({ id, name, metadata }, options),
      );
    } catch (error) {
      if (stripeCodeOf(error) !== "resource_already_exists") {
        throw error;
      }
      await this.#updateProduct(id, { name, metadata });
    }
  }

  /** {@inheritDoc} */
  async createPrice(price: PriceOrder): Promise<PublishedPrice> {
    const { productId, lookupKey, amount, currency, interval, taxBehavior } = price;
    const tax = taxBehavior === null ? [] : [taxBehavior];
    const facts = [productId, lookupKey, amount, currency, interval, ...tax];
    return createOnce(await idempotencyKeyOf("price", facts), {
      create: (idempotencyKey) => this.#createPrice(price, idempotencyKey),
      find: async () => (await this.prices([lookupKey])).find((found) => isSame(found, price)),
    });
  }

  /** {@inheritDoc} */
  async specifyTax({
    priceId: id,
    taxBehavior,
  }: {
    priceId: string;
    taxBehavior: TaxBehavior;
  }): Promise<void> {
    await callStripe({ action: `update price "${id}"`, object: "price", id }, () =>
      this.#stripe.prices.update(id, { tax_behavior: taxBehavior }),
    );
  }

  /** {@inheritDoc} */
  comparePortal(order: PortalOrder): Promise<PortalComparison> {
    return this.#portal.compare(order);
  }

  /** {@inheritDoc} */
  putPortalConfiguration(order: PortalOrder): Promise<string> {
    return this.#portal.put(order);
  }

  async #updateProduct(
    id: string,
    { name, metadata }: { name: string; metadata: Readonly<Record<string, string>> },
  ): Promise<void> {
    const { wire } = await callStripe(
      { action: `read product "${id}"`, object: "product", id },
      () => this.#stripe.products.retrieve(id),
    );
    const actual = wire.childOrNull("metadata");
    const same =
      wire.textOrNull("name") === name &&
      wire.flag("active") &&
      Object.entries(metadata).every(([key, value]) => actual?.textOrNull(key) === value);
    if (!same) {
      await callStripe({ action: `update product "${id}"`, object: "product", id }, () =>
        this.#stripe.products.update(id, { name, metadata, active: true }),
      );
    }
  }

  async #createPrice(price: PriceOrder, idempotencyKey: string): Promise<PublishedPrice> {
    const { productId, lookupKey, amount, currency, interval, taxBehavior } = price;
    const action = `create price "${lookupKey}"`;
    const params = {
      product: productId,
      currency,
      unit_amount: amount,
      ...(interval !== null && { recurring: { interval } }),
      ...(taxBehavior !== null && { tax_behavior: taxBehavior }),
      lookup_key: lookupKey,
      transfer_lookup_key: true,
    };
    const created = await callStripe({ action, object: "price" }, () =>
      this.#stripe.prices.create(params, { idempotencyKey }),
    );
    const { wire } = created.replayed ? await this.#reclaimPrice(created, lookupKey) : created;
    const published = mapPrice(wire);
    if (published === null) {
      throw wire.contradiction("unit_amount is missing");
    }
    return published;
  }

  /** Takes the lookup key back: a replayed answer may be older than another price's claim to it. */
  async #reclaimPrice({ wire }: StripeAnswer, lookupKey: string): Promise<StripeAnswer> {
    const id = wire.text("id");
    const params = { active: true, lookup_key: lookupKey, transfer_lookup_key: true };
    return callStripe({ action: `reclaim price "${lookupKey}"`, object: "price", id }, () =>
      this.#stripe.prices.update(id, params),
    );
  }
}

function mapProduct(wire: WireObject): PublishedProduct {
  const metadata = wire.childOrNull("metadata");
  return {
    productId: wire.text("id"),
    name: wire.text("name"),
    active: wire.flag("active"),
    planSlug: metadata?.textOrNull("planSlug") ?? null,
    packSlug: metadata?.textOrNull("packSlug") ?? null,
  };
}

function isSame(found: PublishedPrice, wanted: PriceOrder): boolean {
  return (
    found.productId === wanted.productId &&
    found.amount === wanted.amount &&
    found.currency === wanted.currency &&
    found.interval === wanted.interval &&
    found.taxBehavior === wanted.taxBehavior
  );
}
