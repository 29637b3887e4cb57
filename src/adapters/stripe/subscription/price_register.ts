import type { Stripe } from "stripe";
import { Recent } from "../../../application/recent.ts";
import type { SnapshotItem } from "../../../domain/subscription/customer_snapshot.ts";
import { callStripe } from "../call_stripe.ts";
import type { WireObject } from "../wire_object.ts";

/** The facts about a price that never change. */
export type KnownPrice = Pick<
  SnapshotItem,
  "priceId" | "productId" | "licensed" | "interval" | "intervalCount"
>;

/** Far more prices than any catalogue has; a few customers may have prices of their own. */
const MOST_PRICES = 10_000;

/**
 * Remembers prices. A price's product, interval and kind never change, so a process asks for each
 * price once, or never if the price came with another object.
 */
export class PriceRegister {
  readonly #prices = new Recent<string, KnownPrice>(MOST_PRICES);

  /** Remembers a price that came with another object, and returns it. */
  learn(wire: WireObject): KnownPrice {
    const price = mapKnownPrice(wire);
    this.#prices.set(price.priceId, price);
    return price;
  }

  /**
   * Returns a price; asks Stripe if it is not known yet.
   *
   * @throws {PortError}
   */
  async read(stripe: Stripe, priceId: string): Promise<KnownPrice> {
    const known = this.#prices.get(priceId);
    if (known !== undefined) {
      return known;
    }
    const expected = { action: `read price "${priceId}"`, object: "price", id: priceId };
    const { wire } = await callStripe(expected, () => stripe.prices.retrieve(priceId));
    return this.learn(wire);
  }
}

const INTERVALS = ["day", "week", "month", "year"] as const;

function mapKnownPrice(wire: WireObject): KnownPrice {
  const recurring = wire.childOrNull("recurring");
  const interval = recurring?.textOrNull("interval");
  return {
    priceId: wire.text("id"),
    productId: wire.id("product"),
    licensed: recurring !== null && recurring.textOrNull("usage_type") !== "metered",
    interval: INTERVALS.find((known) => known === interval) ?? "month",
    intervalCount: recurring?.integerOrNull("interval_count") ?? 1,
  };
}
