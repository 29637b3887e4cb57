import type { DiscountRequest } from "../../engine/invoicing/discounts.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireSubscription } from "../../state/wire.ts";
import { setDiscounts } from "../set_discounts.ts";
import type { Phase } from "./phases.ts";

type Terms = Pick<Phase, "billing_thresholds" | "default_tax_rates" | "discounts" | "items">;

const NO_TERMS = { billing_thresholds: null, default_tax_rates: [], discounts: [], items: [] };

/**
 * Gives a subscription the discounts and tax rates of a phase where they are not those of the phase
 * before it, which may have been used up since, and the phase's thresholds.
 */
export function applyTerms(
  tx: Transaction,
  subscription: WireSubscription,
  phase: Terms,
  before: Terms = NO_TERMS,
): void {
  if (JSON.stringify(phase.discounts) !== JSON.stringify(before.discounts)) {
    setDiscounts(tx, subscription, phase.discounts.map(requestOf));
  }
  if (JSON.stringify(phase.default_tax_rates) !== JSON.stringify(before.default_tax_rates)) {
    subscription.default_tax_rates = phase.default_tax_rates ?? [];
  }
  subscription.billing_thresholds = phase.billing_thresholds;
  for (const item of subscription.items.data) {
    const wanted = phase.items.find(({ price }) => price === item.price.id);
    item.billing_thresholds = wanted?.billing_thresholds ?? null;
  }
}

function requestOf({ coupon, discount, promotion_code: code }: Phase["discounts"][number]) {
  const request: DiscountRequest = {};
  if (discount !== null) {
    request.discount = String(discount);
  } else if (code !== null) {
    request.promotion_code = String(code);
  } else {
    request.coupon = String(coupon);
  }
  return request;
}
