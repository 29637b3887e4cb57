import type { WirePrice } from "../state/wire.ts";

/** An amount in minor units as people read it in English, such as `$49.00` or `¥500`. */
export function formatMoney(amount: number, currency: string): string {
  const format = new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: currency.toUpperCase(),
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
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
