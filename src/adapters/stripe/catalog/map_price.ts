import type { PublishedPrice } from "../../../application/ports/catalog/catalog_publisher.ts";
import { TAX_BEHAVIORS } from "../../../domain/catalog/paperwork.ts";
import type { WireObject } from "../wire_object.ts";
import { mapInterval } from "./map_interval.ts";

/**
 * Maps a price that has a lookup key; returns `null` if its amount is not fixed in whole minor
 * units (tiers, fractions of a cent), because the catalogue has no such prices.
 *
 * @throws {PortError} if a field is missing or unreadable
 */
export function mapPrice(wire: WireObject): PublishedPrice | null {
  const amount = wire.integerOrNull("unit_amount");
  const taxBehavior = wire.textOrNull("tax_behavior");
  return amount === null
    ? null
    : {
        priceId: wire.text("id"),
        productId: wire.id("product"),
        lookupKey: wire.text("lookup_key"),
        amount,
        currency: wire.text("currency"),
        interval: mapInterval(wire),
        taxBehavior: TAX_BEHAVIORS.find((known) => known === taxBehavior) ?? null,
      };
}
