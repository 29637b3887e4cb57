import { formatUnit } from "../engine/money.ts";
import type { WirePrice } from "../state/wire.ts";
import { isMetered } from "../subscriptions/subscription_item.ts";

/** What each unit of a metered price costs, such as `$0.01 each` or `$5.00 per 100`. */
export function usageRate(price: WirePrice): string {
  const size = price.transform_quantity?.divide_by;
  return size === undefined ? `${formatUnit(price)} each` : `${formatUnit(price)} per ${size}`;
}

/** Whether nothing of these prices is due before it is used. */
export function isAllMetered(prices: readonly WirePrice[]): boolean {
  return prices.length > 0 && prices.every(isMetered);
}
