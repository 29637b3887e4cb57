import { priceIn } from "../engine/catalog/price_in.ts";
import { type DiscountRequest, redeemAll } from "../engine/invoicing/discounts.ts";
import { emit, type Transaction } from "../engine/transaction.ts";
import type { WireSubscription } from "../state/wire.ts";
import { amountOf } from "./subscription_item.ts";

/**
 * Gives a subscription the discounts that a request names, in place of those that it has; emits
 * `customer.discount.created` and `customer.discount.deleted`.
 * @throws {RequestError} where one cannot be redeemed
 */
export function setDiscounts(
  tx: Transaction,
  subscription: WireSubscription,
  requests: readonly DiscountRequest[] | null | undefined,
): void {
  if (requests === undefined) {
    return;
  }
  const before = subscription.discounts;
  subscription.discounts = redeemAll(tx, requests ?? [], {
    customer: subscription.customer,
    currency: subscription.currency,
    subscription: subscription.id,
    amount: subscription.items.data.reduce(
      (sum, { price, quantity }) =>
        sum + amountOf(priceIn(tx.state, price, subscription.currency), quantity ?? 1),
      0,
    ),
  });
  for (const id of before) {
    const discount = tx.state.discounts.get(id);
    if (discount !== undefined && !subscription.discounts.includes(id)) {
      emit(tx, "customer.discount.deleted", discount);
    }
  }
}
