import { createProduct } from "../../engine/catalog/catalog.ts";
import { priceIn, refuseTiers } from "../../engine/catalog/price_in.ts";
import { invalidRequest, referenceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import { copyOf } from "../../state/copy_of.ts";
import { newId } from "../../state/ids.ts";
import type { WireLineItem, WirePrice } from "../../state/wire.ts";
import { amountOf, isMetered, sameRecurrence } from "../../subscriptions/subscription_item.ts";
import { buildPrice } from "../catalog/build_price.ts";
import { given, mergeMetadata } from "../params.ts";
import { checkRecurring, type NewSessionParams } from "./checkout_params.ts";

type Line = NonNullable<NewSessionParams["line_items"]>[number];

/**
 * The line items of a new session.
 * @throws {RequestError} where a price does not exist, is inactive, or does not fit the mode
 */
export function buildLineItems(tx: Transaction, params: NewSessionParams): WireLineItem[] {
  const items = (params.line_items ?? []).map((line, index) =>
    buildLineItem(tx, line, { ...params, name: `line_items[${index}]` }),
  );
  const currencies = new Set(items.map(({ currency }) => currency));
  if (
    currencies.size > 1 ||
    (params.currency !== undefined && items.length > 0 && !currencies.has(params.currency))
  ) {
    throw invalidRequest(
      "All prices of a Checkout Session must support its currency.",
      "line_items",
    );
  }
  const recurring = items.flatMap(({ price }) => (price?.recurring ? [price] : []));
  checkRecurring(recurring.length);
  const [first] = recurring;
  if (params.mode === "subscription" && first === undefined) {
    throw invalidRequest(
      "You must provide at least one recurring price in `subscription` mode when using prices.",
      "line_items",
    );
  }
  if (first !== undefined && !recurring.every((price) => sameRecurrence(first, price))) {
    throw invalidRequest(
      "Checkout does not support multiple prices with different billing intervals.",
      "line_items",
    );
  }
  return items;
}

function buildLineItem(
  tx: Transaction,
  line: Line,
  { mode, currency, name }: Pick<NewSessionParams, "currency" | "mode"> & { name: string },
): WireLineItem {
  const price = priceOf(tx, line, name);
  const sold = priceIn(tx.state, price, currency ?? price.currency);
  const product = tx.state.products.get(price.product);
  if (mode === "payment" && price.recurring !== null) {
    throw invalidRequest(
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` " +
        "mode or use only one-time prices.",
      `${name}[price]`,
    );
  }
  const { adjustable_quantity: adjustable } = line;
  const metered = isMetered(price);
  if (metered && line.quantity !== undefined) {
    throw invalidRequest("You cannot set the quantity of a metered price.", `${name}[quantity]`);
  }
  const quantity = line.quantity ?? 1;
  const amount = metered ? 0 : amountOf(sold, quantity);
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity:
      adjustable === undefined
        ? null
        : {
            enabled: adjustable.enabled,
            maximum: adjustable.maximum ?? 99,
            minimum: adjustable.minimum ?? 0,
          },
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: sold.currency,
    description: product?.name ?? null,
    metadata: mergeMetadata({}, line.metadata),
    price: copyOf(price),
    quantity: metered ? null : quantity,
  };
}

function priceOf(tx: Transaction, line: Line, name: string): WirePrice {
  if (line.price_data !== undefined) {
    return inlinePrice(tx, line.price_data, `${name}[price_data]`);
  }
  const id = line.price ?? "";
  const price = tx.state.prices.get(id);
  if (price === undefined) {
    throw referenceMissing("price", id, `${name}[price]`);
  }
  if (!price.active || tx.state.products.get(price.product)?.active === false) {
    throw invalidRequest(
      "The price specified is inactive. This field only accepts active prices.",
      `${name}[price]`,
    );
  }
  refuseTiers(price, `${name}[price]`);
  return price;
}

function inlinePrice(
  tx: Transaction,
  data: NonNullable<Line["price_data"]>,
  name: string,
): WirePrice {
  const { product: named, product_data: described } = data;
  if (named !== undefined && !tx.state.products.has(named)) {
    throw referenceMissing("product", named, `${name}[product]`);
  }
  const { name: title = "", metadata, ...rest } = described ?? {};
  const product =
    named ??
    createProduct(tx, {
      ...given(rest),
      active: false,
      name: title,
      metadata: mergeMetadata({}, metadata),
    }).id;
  const price = buildPrice(tx, data, { active: false, product });
  refuseTiers(price, name);
  return price;
}
