import type { State } from "../../state/state.ts";
import type { WirePrice } from "../../state/wire.ts";
import { invalidRequest } from "../request_error.ts";

/** Whether a price is sold in a currency: its own, or one of its `currency_options`. */
export function isSoldIn(
  { priceDetails }: Pick<State, "priceDetails">,
  price: WirePrice,
  currency: string,
): boolean {
  return (
    price.currency === currency ||
    priceDetails.get(price.id)?.currency_options[currency] !== undefined
  );
}

/**
 * Refuses a price in tiers: nothing here sells one.
 * @throws {RequestError}
 */
export function refuseTiers(price: WirePrice, param: string): void {
  if (price.billing_scheme === "tiered") {
    throw invalidRequest("The sandbox does not bill tiered prices.", param);
  }
}

/**
 * A price with the amounts that it has in a currency; as it is where it is not sold in it.
 * Source: docs.stripe.com/products-prices/manage-prices, "Use multi-currency prices".
 */
export function priceIn(
  { priceDetails }: Pick<State, "priceDetails">,
  price: WirePrice,
  currency: string,
): WirePrice {
  const option =
    price.currency === currency
      ? undefined
      : priceDetails.get(price.id)?.currency_options[currency];
  if (option === undefined) {
    return price;
  }
  const { unit_amount, unit_amount_decimal, tax_behavior } = option;
  return {
    ...price,
    currency,
    unit_amount,
    unit_amount_decimal: unit_amount_decimal === null ? null : String(unit_amount_decimal),
    tax_behavior: tax_behavior ?? price.tax_behavior,
  };
}
