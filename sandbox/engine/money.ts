import type { WirePrice } from "../state/wire.ts";
import { decimalsOf } from "./catalog/currencies.ts";

const formats = new Map<string, { format: Intl.NumberFormat; units: number }>();

/** An amount in minor units as people read it in English, such as `$49.00` or `¥500`. */
export function formatMoney(amount: number, currency: string): string {
  const { format, units } = formats.get(currency) ?? addFormat(currency);
  return format.format(amount / units);
}

/** What one unit of a price costs, to the last digit, such as `$49.00` or `$0.005`. */
export function formatUnit({
  currency,
  unit_amount: whole,
  unit_amount_decimal: exact,
}: WirePrice) {
  if (whole !== null || exact === null) {
    return formatMoney(whole ?? 0, currency);
  }
  const { units } = formats.get(currency) ?? addFormat(currency);
  const options = { style: "currency", currency, maximumFractionDigits: 14 } as const;
  return new Intl.NumberFormat("en-US", options).format(Number(exact) / units);
}

function addFormat(currency: string): { format: Intl.NumberFormat; units: number } {
  const digits = decimalsOf(currency);
  const format = new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: currency.toUpperCase(),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const added = { format, units: 10 ** digits };
  formats.set(currency, added);
  return added;
}

/** How often a price is due, such as `month` or `3 months`; `once` for one-time prices. */
export function formatInterval(price: Pick<WirePrice, "recurring">): string {
  if (price.recurring === null) {
    return "once";
  }
  const { interval, interval_count: count } = price.recurring;
  return count === 1 ? interval : `${count} ${interval}s`;
}

/** A day as Stripe writes it in the descriptions of prorations, from Unix seconds. */
export function formatDay(seconds: number): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    day: "2-digit",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return format.format(new Date(seconds * 1000));
}
