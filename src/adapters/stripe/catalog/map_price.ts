import type { PublishedPrice } from "../../../application/ports/catalog/catalog_publisher.ts";
import type { WireObject } from "../wire_object.ts";
import { mapInterval } from "./map_interval.ts";

/**
 * A price with a lookup key from Stripe's JSON; `null` when it has no fixed amount in whole minor
 * units (tiers, fractions of a cent), which nothing of ours has.
 */
export function mapPrice(wire: WireObject): PublishedPrice | null {
  const amount = wire.integerOrNull("unit_amount");
  return amount === null
    ? null
    : {
        priceId: wire.text("id"),
        productId: wire.id("product"),
        lookupKey: wire.text("lookup_key"),
        amount,
        currency: wire.text("currency"),
        interval: mapInterval(wire),
      };
}
