import type { Stripe } from "stripe";
import { createProduct } from "../engine/catalog.ts";
import { referenceMissing, resourceMissing } from "../engine/request_error.ts";
import { emitChange, type Transaction } from "../engine/transaction.ts";
import type { WireProduct } from "../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "./listing.ts";
import {
  clearable,
  flag,
  given,
  hash,
  list,
  mergeMetadata,
  metadata,
  required,
  type ShapeOf,
  text,
  url,
} from "./params.ts";
import { type Route, route } from "./route.ts";

const FIELDS = {
  active: flag,
  description: clearable(text),
  images: list(url, 8),
  marketing_features: list(hash({ name: required(text) }), 15),
  metadata,
  statement_descriptor: text,
  tax_code: clearable(text),
  unit_label: clearable(text),
  url: clearable(url),
} satisfies ShapeOf<Stripe.ProductCreateParams & Stripe.ProductUpdateParams>;

/** The product with this id. */
export function productOf(tx: Transaction, id: string): WireProduct {
  const product = tx.state.products.get(id);
  if (product === undefined) {
    throw resourceMissing("product", id);
  }
  return product;
}

export const productRoutes: Route[] = [
  route("POST", "/v1/products", {
    params: {
      ...FIELDS,
      id: text,
      name: required(text),
    } satisfies ShapeOf<Stripe.ProductCreateParams>,
    returns: "product",
    handle: ({ tx, params: { metadata: change, name, ...fields } }) =>
      createProduct(tx, { ...given(fields), name, metadata: mergeMetadata({}, change) }),
  }),
  route("GET", "/v1/products/:id", {
    params: {},
    returns: "product",
    handle: ({ tx, id }) => productOf(tx, id),
  }),
  route("POST", "/v1/products/:id", {
    params: {
      ...FIELDS,
      name: text,
      default_price: clearable(text),
    } satisfies ShapeOf<Stripe.ProductUpdateParams>,
    returns: "product",
    handle: ({ tx, id, params: { metadata: change, ...fields } }) => {
      const product = productOf(tx, id);
      if (fields.default_price && tx.state.prices.get(fields.default_price)?.product !== id) {
        throw referenceMissing("price", fields.default_price, "default_price");
      }
      emitChange(tx, "product.updated", product, (updated) => {
        Object.assign(updated, given(fields));
        updated.metadata = mergeMetadata(updated.metadata, change);
        updated.updated = tx.now;
      });
      return product;
    },
  }),
  route("GET", "/v1/products", {
    params: {
      ...PAGE,
      active: flag,
      created,
      ids: list(text),
    } satisfies ShapeOf<Stripe.ProductListParams>,
    returns: "list:product",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.products,
        (product) =>
          matches(params.active, product.active) &&
          inRange(product.created, params.created) &&
          (params.ids === undefined || params.ids.includes(product.id)),
      );
      return page("/v1/products", found, params);
    },
  }),
];
