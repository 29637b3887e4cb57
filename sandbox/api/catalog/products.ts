import type { Stripe } from "stripe";
import { createProduct, deleteProduct } from "../../engine/catalog/catalog.ts";
import { invalidRequest, referenceMissing, resourceMissing } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireProduct } from "../../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import {
  clearable,
  flag,
  given,
  hash,
  list,
  mergeMetadata,
  metadata,
  type Param,
  required,
  type ShapeOf,
  text,
  upTo,
  url,
} from "../params.ts";
import { type Route, route } from "../route.ts";
import { buildPrice } from "./build_price.ts";
import { checkPriceData, PRICE_DATA } from "./price_params.ts";

/** A measure in inches or ounces. */
const decimal: Param<number | undefined> = (value, name) => {
  const sent = text(value, name);
  if (sent !== undefined && !/^\d{1,9}(\.\d{1,2})?$/.test(sent)) {
    throw invalidRequest(`Invalid number: ${sent}`, name);
  }
  return sent === undefined ? undefined : Number(sent);
};

const FIELDS = {
  active: flag,
  description: clearable(upTo(40_000)),
  images: list(url, 8),
  marketing_features: list(hash({ name: required(text) }), 15),
  metadata,
  package_dimensions: clearable(
    hash({
      height: required(decimal),
      length: required(decimal),
      weight: required(decimal),
      width: required(decimal),
    }),
  ),
  shippable: flag,
  statement_descriptor: upTo(22),
  tax_code: clearable(text),
  unit_label: clearable(upTo(12)),
  url: clearable(url),
} satisfies ShapeOf<Stripe.ProductCreateParams & Stripe.ProductUpdateParams>;

/** The product with this id. */
function productOf(tx: Transaction, id: string): WireProduct {
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
      default_price_data: hash({ ...PRICE_DATA, metadata }),
      id: text,
      name: required(text),
    } satisfies ShapeOf<Stripe.ProductCreateParams>,
    returns: "product",
    check: ({ default_price_data: data }) => {
      if (data !== undefined) {
        checkPriceData(data, "default_price_data");
      }
    },
    handle: ({ tx, params: { metadata: change, name, default_price_data: data, ...fields } }) => {
      const product = createProduct(tx, {
        ...given(fields),
        name,
        metadata: mergeMetadata({}, change),
      });
      if (data !== undefined) {
        const extra = { product: product.id, metadata: mergeMetadata({}, data.metadata) };
        const { id } = buildPrice(tx, data, extra);
        emitChange(tx, "product.updated", product, (updated) => {
          updated.default_price = id;
        });
      }
      return product;
    },
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
  route("DELETE", "/v1/products/:id", {
    params: {},
    returns: "deleted",
    handle: ({ tx, id }) => {
      deleteProduct(tx, productOf(tx, id));
      return { id, object: "product", deleted: true };
    },
  }),
  route("GET", "/v1/products", {
    params: {
      ...PAGE,
      active: flag,
      created,
      ids: list(text),
      shippable: flag,
      url: text,
    } satisfies ShapeOf<Stripe.ProductListParams>,
    returns: "list:product",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.products,
        (product) =>
          matches(params.active, product.active) &&
          matches(params.shippable, product.shippable) &&
          matches(params.url, product.url) &&
          inRange(product.created, params.created) &&
          (params.ids === undefined || params.ids.includes(product.id)),
      );
      return page("/v1/products", found, params);
    },
  }),
];
