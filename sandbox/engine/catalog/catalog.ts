import type { PriceDetails } from "../../state/catalog_records.ts";
import { newId, newShortId } from "../../state/ids.ts";
import type { WirePrice, WireProduct } from "../../state/wire.ts";
import { invalidRequest } from "../request_error.ts";
import { refreshPrice } from "../subscriptions.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";

/** What a request says about a new product. */
export type NewProduct = Pick<WireProduct, "name"> & Partial<Omit<WireProduct, "object">>;

/** Creates a product; emits `product.created`. */
export function createProduct(tx: Transaction, fields: NewProduct): WireProduct {
  const product: WireProduct = {
    id: newShortId("prod"),
    object: "product",
    active: true,
    created: tx.now,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: tx.now,
    url: null,
    ...fields,
  };
  if (tx.state.products.has(product.id)) {
    throw invalidRequest("Product already exists.", "id", "resource_already_exists");
  }
  tx.state.products.set(product.id, product);
  emit(tx, "product.created", product);
  return product;
}

/** What a request says about a new price. */
export type NewPrice = Pick<WirePrice, "currency" | "product" | "unit_amount"> &
  Partial<
    Pick<
      WirePrice,
      | "active"
      | "billing_scheme"
      | "lookup_key"
      | "metadata"
      | "nickname"
      | "recurring"
      | "tax_behavior"
      | "tiers_mode"
      | "transform_quantity"
      | "unit_amount_decimal"
    >
  >;

/** Creates a price; emits `price.created`. The lookup key must be free. */
export function createPrice(tx: Transaction, fields: NewPrice, details?: PriceDetails): WirePrice {
  const price: WirePrice = {
    id: newId("price"),
    object: "price",
    active: true,
    billing_scheme: "per_unit",
    created: tx.now,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    recurring: null,
    tax_behavior: "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: fields.recurring ? "recurring" : "one_time",
    unit_amount_decimal: fields.unit_amount === null ? null : String(fields.unit_amount),
    ...fields,
  };
  tx.state.prices.set(price.id, price);
  if (details !== undefined) {
    tx.state.priceDetails.set(price.id, details);
  }
  emit(tx, "price.created", price);
  return price;
}

/**
 * Makes `key` free for the price `owner`: takes it from the price that has it where `transfer` is
 * set.
 * @throws {RequestError} where another price has the key and `transfer` is not set
 */
export function claimLookupKey(
  tx: Transaction,
  key: string,
  options: { transfer: boolean; owner?: string },
): void {
  const holder = [...tx.state.prices.values()].find((price) => price.lookup_key === key);
  if (holder === undefined || holder.id === options.owner) {
    return;
  }
  if (!options.transfer) {
    throw invalidRequest(
      `A price (\`${holder.id}\`) already uses that lookup key. To transfer it, set ` +
        "`transfer_lookup_key` to true.",
      "lookup_key",
    );
  }
  changePrice(tx, holder, (price) => {
    price.lookup_key = null;
  });
}

/** Changes a price everywhere it is shown; emits `price.updated`. */
export function changePrice(
  tx: Transaction,
  price: WirePrice,
  change: (price: WirePrice) => void,
): void {
  emitChange(tx, "price.updated", price, change);
  refreshPrice(tx, price);
}

/**
 * Deletes a product without prices; emits `product.deleted`.
 * @throws {RequestError} where it has prices
 */
export function deleteProduct(tx: Transaction, product: WireProduct): void {
  if ([...tx.state.prices.values()].some((price) => price.product === product.id)) {
    throw invalidRequest(
      "This product cannot be deleted because it has one or more user-created prices.",
    );
  }
  tx.state.products.delete(product.id);
  emit(tx, "product.deleted", product);
}
