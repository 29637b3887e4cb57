import { CURRENCIES } from "./currencies.ts";

/** An amount in minor units of a currency (ISO 4217, in either case). */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Writes an amount for people, as in `9.00 EUR` or `500 JPY`. */
export function moneyText({ amount, currency }: Money): string {
  const digits = CURRENCIES.get(currency.toLowerCase())?.digits ?? 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency.toUpperCase()}`;
}
