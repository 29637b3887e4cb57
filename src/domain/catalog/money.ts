/** An amount in minor units of a currency (ISO 4217, in either case). */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/**
 * Currencies that ISO 4217 counts in whole units, and Stripe in hundredths of them. Source: Stripe
 * docs, "Supported currencies", special cases.
 */
const IN_HUNDREDTHS: readonly string[] = ["ISK", "UGX"];

/** Writes an amount for people, as in `9.00 EUR` or `500 JPY`. */
export function moneyText({ amount, currency }: Money): string {
  const code = currency.toUpperCase();
  const digits = IN_HUNDREDTHS.includes(code) ? 2 : digitsOf(code);
  return `${(amount / 10 ** digits).toFixed(digits)} ${code}`;
}

function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
