import type { WirePrice, WireSubscription, WireSubscriptionItem } from "../state/wire.ts";
import { changeSubscription, type PaymentBehavior } from "../subscriptions/change_subscription.ts";
import type { ProrationBehavior } from "../subscriptions/item_change.ts";
import { setDiscounts } from "../subscriptions/set_discounts.ts";
import type { SubscriptionChange } from "../subscriptions/subscription_change.ts";
import type { DiscountRequest } from "./invoicing/discounts.ts";
import type { Transaction } from "./transaction.ts";

/** Another price or quantity for an item of a subscription, from now on. */
export interface PlanChange {
  item: WireSubscriptionItem;
  price: WirePrice;
  quantity: number;
  prorationBehavior: ProrationBehavior;
  /** From when on to prorate, in Unix seconds. */
  prorationDate: number;
  /** Begin a new period now, even where the interval stays. */
  resetAnchor: boolean;
  /** What is redeemed with it, in place of what the subscription has. */
  discounts?: DiscountRequest[];
  /** Charge a subscription on trial now instead of going on with the trial. */
  endTrial: boolean;
}

/**
 * Gives an item another price at once and collects what that costs now; a change stays when its
 * payment fails, and the subscription is past due then.
 */
export function changePlan(
  tx: Transaction,
  subscription: WireSubscription,
  change: PlanChange,
  behavior: PaymentBehavior = "allow_incomplete",
): void {
  changeSubscription(tx, subscription, subscriptionChange(subscription, change), behavior);
}

/** The change as one of all that a subscription bills. */
export function subscriptionChange(
  subscription: WireSubscription,
  { item, price, quantity, endTrial, resetAnchor, discounts, ...proration }: PlanChange,
): SubscriptionChange {
  const trialing = subscription.status === "trialing";
  return {
    ...proration,
    items: [{ kind: "change", id: item.id, price, quantity }],
    resetAnchor: resetAnchor && (!trialing || endTrial),
    trialEnd: endTrial ? "now" : null,
    ...(discounts !== undefined && {
      fields: (changed: WireSubscription, at: Transaction) => setDiscounts(at, changed, discounts),
    }),
  };
}
