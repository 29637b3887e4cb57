import type { Stripe } from "stripe";
import type { SnapshotSubscription } from "../../../domain/subscription/customer_snapshot.ts";
import { wholeList } from "../whole_list.ts";
import type { WireObject } from "../wire_object.ts";
import { mapSnapshotSubscription } from "./map_snapshot_subscription.ts";
import type { PriceRegister } from "./price_register.ts";

/** What to expand in a list of subscriptions, so that each is whole. */
export const SUBSCRIPTION_PARTS = [
  "data.schedule",
  "data.default_payment_method",
  "data.customer.invoice_settings.default_payment_method",
  "data.discounts.source.coupon",
];

/**
 * Reads a subscription from a list with {@link SUBSCRIPTION_PARTS}; asks for its items if Stripe cut
 * them off.
 *
 * @throws {PortError}
 */
export async function readSubscription(
  wire: WireObject,
  stripe: Stripe,
  prices: PriceRegister,
): Promise<SnapshotSubscription> {
  const id = wire.text("id");
  const expected = { id, object: "subscription_item" };
  const items = await wholeList(wire.child("items"), expected, (cursor) =>
    stripe.subscriptionItems.list({ subscription: id, limit: 100, ...cursor }),
  );
  return mapSnapshotSubscription(wire, { items, priceOf: (price) => prices.learn(price) });
}
