import type { DiscountRequest } from "../../engine/invoicing/discounts.ts";
import { minimumCharge } from "../../engine/paying/minimum_charge.ts";
import { invalidRequest, referenceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireTaxRate } from "../../state/wire.ts";
import { isHash } from "../form.ts";
import { clearable, hash, list, type Param, text } from "../params.ts";

/** A percentage from 0 to 100 with at most four decimals. */
export const percentage: Param<number | undefined> = (value, name) => {
  const given = text(value, name);
  if (given === undefined) {
    return undefined;
  }
  const percent = Number(given);
  if (!/^\d{1,3}(\.\d{1,4})?$/.test(given) || percent > 100) {
    throw invalidRequest(`Invalid ${name}: must be a percentage from 0 to 100`, name);
  }
  return percent;
};

/** Coupons, promotion codes and discounts; empty text is none. */
export const DISCOUNTS: Param<DiscountRequest[] | null | undefined> = clearable(
  list(hash({ coupon: text, promotion_code: text, discount: text }), 20),
);

/** A hash with the same shape for each of any names, such as currencies. */
export function byName<T>(shape: Param<T | undefined>): Param<Record<string, T> | undefined> {
  return (value, name) => {
    if (value === undefined) {
      return undefined;
    }
    if (typeof value === "string" || !isHash(value)) {
      throw invalidRequest(`Invalid hash: ${name}`, name);
    }
    const entries = Object.entries(value).flatMap(([key, entry]) => {
      const read = shape(entry, `${name}[${key}]`);
      return read === undefined ? [] : [[key, read] as const];
    });
    return Object.fromEntries(entries);
  };
}

/** The tax rates with these ids. @throws {RequestError} where one does not exist or is inactive */
export function taxRatesOf(
  tx: Transaction,
  ids: readonly string[] | null | undefined,
  param: string,
): WireTaxRate[] {
  return (ids ?? []).map((id, index) => {
    const rate = tx.state.taxRates.get(id);
    if (rate === undefined) {
      throw referenceMissing("tax rate", id, `${param}[${index}]`);
    }
    if (!rate.active) {
      throw invalidRequest(`The tax rate ${id} is not active.`, `${param}[${index}]`);
    }
    return rate;
  });
}

/**
 * Refuses an amount that Stripe does not charge.
 * @throws {RequestError} `amount_too_small` or `amount_too_large`
 */
export function checkChargeable(amount: number, currency: string, param = "amount"): void {
  const least = minimumCharge(currency);
  if (amount < least) {
    throw invalidRequest(
      `Amount must be at least ${least} in the smallest unit of ${currency}.`,
      param,
      "amount_too_small",
    );
  }
  if (amount > 99_999_999) {
    throw invalidRequest("Amount must be no more than 99999999.", param, "amount_too_large");
  }
}
