import { createPrice } from "../../engine/catalog/catalog.ts";
import { isSoldIn, refuseTiers } from "../../engine/catalog/price_in.ts";
import { invalidRequest, referenceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WirePrice } from "../../state/wire.ts";
import { amount, checkAmount, currency, decimalAmount } from "../catalog/amounts.ts";
import { between, hash, oneOf, type Read, required, text } from "../params.ts";

const INLINE = {
  currency: required(currency),
  product: required(text),
  tax_behavior: oneOf("exclusive", "inclusive", "unspecified"),
  unit_amount: amount,
  unit_amount_decimal: decimalAmount,
};

/** A price that is made for one subscription. */
export const RECURRING_PRICE_DATA = hash({
  ...INLINE,
  recurring: required(
    hash({
      interval: required(oneOf("day", "week", "month", "year")),
      interval_count: between(1, 1095),
    }),
  ),
});

/** A price that is made for one charge. */
export const ONE_TIME_PRICE_DATA = hash(INLINE);

/** Which price a request names. */
export interface PriceChoice {
  price: string | undefined;
  /** The older name of `price`. */
  plan?: string | undefined;
  price_data:
    | Read<{ data: typeof RECURRING_PRICE_DATA }>["data"]
    | Read<{ data: typeof ONE_TIME_PRICE_DATA }>["data"]
    | undefined;
}

/** What a price must be; `present` is the one that is there already and may be inactive. */
export interface PriceRules {
  type: "one_time" | "recurring";
  currency?: string | undefined;
  present?: WirePrice | undefined;
}

/**
 * The price that a request names or describes; undefined where it does neither.
 *
 * @param name the parameter that holds the choice, such as `items[0]`
 * @throws {RequestError} where the price does not exist or does not fit
 */
export function chosenPrice(
  tx: Transaction,
  choice: PriceChoice,
  name: string,
  rules: PriceRules,
): WirePrice | undefined {
  const id = choice.price ?? choice.plan;
  if (id !== undefined && choice.price_data !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: price, price_data.",
      `${name}[price]`,
    );
  }
  if (choice.price_data !== undefined) {
    return inlinePrice(tx, choice.price_data, name, rules);
  }
  if (id === undefined) {
    return undefined;
  }
  const price = tx.state.prices.get(id);
  if (price === undefined) {
    throw referenceMissing("price", id, `${name}[price]`);
  }
  checkPrice(tx, price, `${name}[price]`, rules);
  return price;
}

function inlinePrice(
  tx: Transaction,
  data: NonNullable<PriceChoice["price_data"]>,
  name: string,
  rules: PriceRules,
): WirePrice {
  if (!tx.state.products.has(data.product)) {
    throw referenceMissing("product", data.product, `${name}[price_data][product]`);
  }
  const { currency, product, unit_amount, unit_amount_decimal: exact } = data;
  if ((unit_amount === undefined) === (exact === undefined)) {
    throw invalidRequest(
      "Exactly one of `unit_amount` and `unit_amount_decimal` must be given.",
      `${name}[price_data]`,
    );
  }
  const whole = unit_amount ?? Number(exact);
  checkAmount(whole, currency, `${name}[price_data][unit_amount]`);
  const recurring = "recurring" in data ? data.recurring : undefined;
  const price = createPrice(tx, {
    active: false,
    currency,
    product,
    unit_amount: Number.isInteger(whole) ? whole : null,
    tax_behavior: data.tax_behavior ?? "unspecified",
    recurring:
      recurring === undefined
        ? null
        : {
            interval: recurring.interval,
            interval_count: recurring.interval_count ?? 1,
            meter: null,
            trial_period_days: null,
            usage_type: "licensed",
          },
  });
  price.unit_amount_decimal = exact ?? String(whole);
  checkPrice(tx, price, `${name}[price_data]`, { ...rules, present: price });
  return price;
}

function checkPrice(tx: Transaction, price: WirePrice, param: string, rules: PriceRules): void {
  if (price.type !== rules.type) {
    throw invalidRequest(
      `The price specified is set to \`type=${price.type}\` but this field only accepts prices ` +
        `with \`type=${rules.type}\`.`,
      param,
    );
  }
  refuseTiers(price, param);
  if (!price.active && price.id !== rules.present?.id) {
    throw invalidRequest(
      "The price specified is inactive. This field only accepts active prices.",
      param,
    );
  }
  if (rules.currency !== undefined && !isSoldIn(tx.state, price, rules.currency)) {
    const sold = Object.keys(tx.state.priceDetails.get(price.id)?.currency_options ?? {});
    const currencies = sold.length > 0 ? sold : [price.currency];
    throw invalidRequest(
      `The price specified only supports ${currencies.map((one) => `\`${one}\``).join(", ")}. ` +
        `This doesn't match the expected currency: \`${rules.currency}\`.`,
      param,
    );
  }
}
