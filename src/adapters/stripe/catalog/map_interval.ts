import type { Interval } from "../../../domain/catalog/catalog.ts";
import type { WireObject } from "../wire_object.ts";

/**
 * Reads how often a price recurs; `null` for one-time prices and for intervals that no plan has.
 */
export function mapInterval(price: WireObject): Interval | null {
  const recurring = price.childOrNull("recurring");
  const interval = recurring?.textOrNull("interval");
  const count = recurring?.integerOrNull("interval_count") ?? 1;
  return (interval === "month" || interval === "year") && count === 1 ? interval : null;
}
