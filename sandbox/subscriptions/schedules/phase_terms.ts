import type { DiscountRequest } from "../../engine/invoicing/discounts.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireSubscription } from "../../state/wire.ts";
import { setDiscounts } from "../set_discounts.ts";
import type { Phase } from "./phases.ts";

type Terms = Pick<Phase, "default_tax_rates" | "discounts">;

/**
 * Gives a subscription the discounts and tax rates of a phase where they are not those of the phase
 * before it, which may have been used up since.
 */
export function applyTerms(
  tx: Transaction,
  subscription: WireSubscription,
  phase: Terms,
  before: Terms = { default_tax_rates: [], discounts: [] },
): void {
  if (JSON.stringify(phase.discounts) !== JSON.stringify(before.discounts)) {
    setDiscounts(tx, subscription, phase.discounts.map(requestOf));
  }
  if (JSON.stringify(phase.default_tax_rates) !== JSON.stringify(before.default_tax_rates)) {
    subscription.default_tax_rates = phase.default_tax_rates ?? [];
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
