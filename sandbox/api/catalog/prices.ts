import type { Stripe } from "stripe";
import { changePrice, claimLookupKey, createProduct } from "../../engine/catalog/catalog.ts";
import { invalidRequest, referenceMissing, resourceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WirePrice } from "../../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import {
  clearable,
  flag,
  given,
  hash,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  type ShapeOf,
  text,
  upTo,
} from "../params.ts";
import { type Route, route } from "../route.ts";
import { buildPrice, optionsOf } from "./build_price.ts";
import {
  checkPriceData,
  currencyOptions,
  INTERVAL,
  NEW_PRICE,
  TAX_BEHAVIOR,
} from "./price_params.ts";

/** The price with this id. */
function priceOf(tx: Transaction, id: string): WirePrice {
  const price = tx.state.prices.get(id);
  if (price === undefined) {
    throw resourceMissing("price", id);
  }
  return price;
}

export const priceRoutes: Route[] = [
  route("POST", "/v1/prices", {
    params: NEW_PRICE,
    returns: "price",
    check: (params) => {
      const { product, product_data: data } = params;
      if (product !== undefined && data !== undefined) {
        throw invalidRequest(
          "You may only specify one of these parameters: product, product_data.",
          "product",
        );
      }
      if (product === undefined && data === undefined) {
        throw invalidRequest(
          "You must specify either `product` or `product_data` when creating a price.",
          "product",
          "parameter_missing",
        );
      }
      checkPriceData(params);
    },
    handle: ({ tx, params }) => {
      const { product: named, product_data: data, lookup_key: key } = params;
      if (named !== undefined && !tx.state.products.has(named)) {
        throw referenceMissing("product", named, "product");
      }
      requireMeter(tx, params.recurring?.meter);
      if (key !== undefined) {
        claimLookupKey(tx, key, { transfer: params.transfer_lookup_key === true });
      }
      return buildPrice(tx, params, {
        ...given({ active: params.active, nickname: params.nickname, lookup_key: key }),
        metadata: mergeMetadata({}, params.metadata),
        product: named ?? newProduct(tx, data),
      });
    },
  }),
  route("GET", "/v1/prices/:id", {
    params: {},
    returns: "price",
    handle: ({ tx, id }) => priceOf(tx, id),
  }),
  route("POST", "/v1/prices/:id", {
    params: {
      active: flag,
      currency_options: currencyOptions,
      lookup_key: clearable(upTo(200)),
      metadata,
      nickname: clearable(text),
      tax_behavior: TAX_BEHAVIOR,
      transfer_lookup_key: flag,
    } satisfies ShapeOf<Stripe.PriceUpdateParams>,
    returns: "price",
    handle: ({ tx, id, params }) => {
      const { metadata: change, transfer_lookup_key: transfer, ...rest } = params;
      const { currency_options: options, ...fields } = rest;
      const price = priceOf(tx, id);
      checkPriceUpdate(tx, price, fields);
      const details = tx.state.priceDetails.get(id);
      if (details !== undefined) {
        Object.assign(details.currency_options, optionsOf(options ?? {}));
      }
      if (fields.lookup_key) {
        claimLookupKey(tx, fields.lookup_key, { transfer: transfer === true, owner: id });
      }
      changePrice(tx, price, (updated) => {
        Object.assign(updated, given(fields));
        updated.metadata = mergeMetadata(updated.metadata, change);
      });
      return price;
    },
  }),
  route("GET", "/v1/prices", {
    params: {
      ...PAGE,
      active: flag,
      created,
      currency: text,
      lookup_keys: list(text, 10),
      product: text,
      recurring: hash({
        interval: INTERVAL,
        meter: text,
        usage_type: oneOf("licensed", "metered"),
      }),
      type: oneOf("one_time", "recurring"),
    } satisfies ShapeOf<Stripe.PriceListParams>,
    returns: "list:price",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.prices,
        (price) =>
          matches(params.active, price.active) &&
          matches(params.currency, price.currency) &&
          matches(params.product, price.product) &&
          matches(params.type, price.type) &&
          matches(params.recurring?.interval, price.recurring?.interval ?? null) &&
          matches(params.recurring?.meter, price.recurring?.meter ?? null) &&
          matches(params.recurring?.usage_type, price.recurring?.usage_type ?? null) &&
          (params.lookup_keys?.includes(price.lookup_key ?? "") ?? true) &&
          inRange(price.created, params.created),
      );
      return page("/v1/prices", found, params);
    },
  }),
];

function newProduct(tx: Transaction, data: ReturnType<(typeof NEW_PRICE)["product_data"]>): string {
  const { name = "", metadata: change, ...fields } = data ?? {};
  return createProduct(tx, { ...given(fields), name, metadata: mergeMetadata({}, change) }).id;
}

function requireMeter(tx: Transaction, id: string | undefined): void {
  if (id !== undefined && tx.state.meters.get(id)?.status !== "active") {
    throw referenceMissing("meter", id, "recurring[meter]");
  }
}

/** @throws {RequestError} where Stripe does not let a price be changed so */
function checkPriceUpdate(
  tx: Transaction,
  price: WirePrice,
  fields: { active: boolean | undefined; tax_behavior: string | undefined },
): void {
  const settled = price.tax_behavior !== "unspecified";
  if (settled && fields.tax_behavior !== undefined && fields.tax_behavior !== price.tax_behavior) {
    throw invalidRequest(
      "The `tax_behavior` of a price cannot be changed once it is inclusive or exclusive.",
      "tax_behavior",
    );
  }
  if (fields.active === false && tx.state.products.get(price.product)?.default_price === price.id) {
    throw invalidRequest(
      "This price cannot be archived because it is the default price of its product.",
      "active",
    );
  }
}
