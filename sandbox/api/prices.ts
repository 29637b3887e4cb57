import type { Stripe } from "stripe";
import { changePrice, claimLookupKey, createPrice, createProduct } from "../engine/catalog.ts";
import { invalidRequest, referenceMissing, resourceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WirePrice } from "../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "./listing.ts";
import {
  between,
  clearable,
  flag,
  given,
  hash,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  type ShapeOf,
  text,
} from "./params.ts";
import { type Route, route } from "./route.ts";

const INTERVAL = oneOf("day", "week", "month", "year");

const NEW_PRICE = {
  active: flag,
  currency: required(text),
  lookup_key: text,
  metadata,
  nickname: text,
  product: text,
  product_data: hash({ id: text, name: required(text), metadata, active: flag }),
  recurring: hash({
    interval: required(INTERVAL),
    interval_count: between(1, 156),
    meter: text,
    usage_type: oneOf("licensed", "metered"),
  }),
  tax_behavior: oneOf("exclusive", "inclusive", "unspecified"),
  transfer_lookup_key: flag,
  unit_amount: required(between(0, 99_999_999)),
} satisfies ShapeOf<Stripe.PriceCreateParams>;

/** The price with this id. */
export function priceOf(tx: Transaction, id: string): WirePrice {
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
    check: ({ currency, product, product_data: data }) => {
      if (!/^[a-z]{3}$/i.test(currency)) {
        throw invalidRequest(`Invalid currency: ${currency}.`, "currency");
      }
      if ((product === undefined) === (data === undefined)) {
        throw invalidRequest(
          "You must specify either `product` or `product_data`.",
          "product",
          "parameter_missing",
        );
      }
    },
    handle: ({ tx, params }) => {
      const { product_data: data, transfer_lookup_key: transfer, ...fields } = params;
      if (fields.product !== undefined && !tx.state.products.has(fields.product)) {
        throw referenceMissing("product", fields.product, "product");
      }
      if (fields.lookup_key !== undefined) {
        claimLookupKey(tx, fields.lookup_key, { transfer: transfer === true });
      }
      const product = fields.product ?? newProduct(tx, data);
      const { metadata: change, recurring, ...rest } = fields;
      return createPrice(tx, {
        ...given(rest),
        currency: fields.currency.toLowerCase(),
        product,
        unit_amount: fields.unit_amount,
        metadata: mergeMetadata({}, change),
        recurring: recurring === undefined ? null : completeRecurring(recurring),
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
      lookup_key: clearable(text),
      metadata,
      nickname: clearable(text),
      tax_behavior: oneOf("exclusive", "inclusive", "unspecified"),
      transfer_lookup_key: flag,
    } satisfies ShapeOf<Stripe.PriceUpdateParams>,
    returns: "price",
    handle: ({ tx, id, params }) => {
      const { metadata: change, transfer_lookup_key: transfer, ...fields } = params;
      const price = priceOf(tx, id);
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
      recurring: hash({ interval: INTERVAL }),
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

function completeRecurring(
  sent: NonNullable<ReturnType<(typeof NEW_PRICE)["recurring"]>>,
): WirePrice["recurring"] {
  return {
    interval: sent.interval,
    interval_count: sent.interval_count ?? 1,
    meter: sent.meter ?? null,
    trial_period_days: null,
    usage_type: sent.usage_type ?? "licensed",
  };
}
