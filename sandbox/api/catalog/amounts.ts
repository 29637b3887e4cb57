import { CURRENCIES, endsInZero, maximumAmount } from "../../engine/catalog/currencies.ts";
import { invalidRequest } from "../../engine/request_error.ts";
import { integer, type Param, text } from "../params.ts";

/** A currency that Stripe charges in, in lower case; `undefined` where none was sent. */
export const currency: Param<string | undefined> = (value, name) => {
  const sent = text(value, name)?.toLowerCase();
  if (sent !== undefined && !CURRENCIES.includes(sent)) {
    throw invalidRequest(
      `Invalid currency: ${sent}. Stripe currently supports these currencies: ` +
        `${CURRENCIES.join(", ")}`,
      name,
    );
  }
  return sent;
};

/** An amount in minor units that is not negative. */
export const amount: Param<number | undefined> = (value, name) => {
  const sent = integer(value, name);
  if (sent !== undefined && sent < 0) {
    throw invalidRequest(
      "This value must be greater than or equal to 0.",
      name,
      "parameter_invalid_integer",
    );
  }
  return sent;
};

/** An amount in minor units with up to twelve decimals, without zeros at its end. */
export const decimalAmount: Param<string | undefined> = (value, name) => {
  const sent = text(value, name);
  if (sent !== undefined && !/^\d{1,14}(\.\d{1,12})?$/.test(sent)) {
    throw invalidRequest(`Invalid decimal: ${sent}`, name);
  }
  return sent?.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
};

/**
 * Refuses an amount that its currency does not have.
 * Source: docs.stripe.com/currencies (three-decimal currencies, minimum and maximum amounts).
 * @throws {RequestError}
 */
export function checkAmount(value: number, code: string, param: string): void {
  const most = maximumAmount(code);
  if (value > most) {
    throw invalidRequest(
      `Amount must be no more than ${most} in ${code}.`,
      param,
      "amount_too_large",
    );
  }
  if (endsInZero(code) && value % 10 !== 0) {
    throw invalidRequest(
      `Amounts in ${code.toUpperCase()} have three decimals, of which the last must be 0.`,
      param,
      "invalid_decimal_amount",
    );
  }
}
