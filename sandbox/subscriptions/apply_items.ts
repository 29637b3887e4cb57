import { periodAt } from "../engine/billing_period.ts";
import { invalidRequest } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireSubscription } from "../state/wire.ts";
import type { ItemChange } from "./item_change.ts";
import {
  type NewItem,
  newItem,
  recurrenceOf,
  sameRecurrence,
  setItem,
  showOnlyItem,
} from "./subscription_item.ts";
import { startUsage } from "./usage/usage.ts";

/** Changes the items; answers the ids of those that have another price or quantity now. */
export function applyItems(
  tx: Transaction,
  subscription: WireSubscription,
  changes: readonly ItemChange[],
): string[] {
  const touched: string[] = [];
  for (const one of changes) {
    if (one.kind === "delete") {
      const left = subscription.items.data.filter(({ id }) => id !== one.id);
      subscription.items.data = left;
    } else if (one.kind === "add") {
      const item = newItem(tx, subscription.id, one.item, addedPeriod(tx, subscription, one.item));
      subscription.items.data.push(item);
      startUsage(tx, item);
      touched.push(item.id);
    } else {
      const item = subscription.items.data.find(({ id }) => id === one.id);
      if (item !== undefined) {
        const { price, quantity, fields } = one;
        const another = item.price.id !== price.id;
        if (another || (item.quantity ?? 1) !== quantity) {
          touched.push(item.id);
        }
        if (subscription.status !== "trialing" && !sameRecurrence(item.price, price)) {
          const { end } = addedPeriod(tx, subscription, { price, quantity });
          Object.assign(item, { current_period_start: tx.now, current_period_end: end });
        }
        setItem(item, price, quantity);
        if (another) {
          startUsage(tx, item);
        }
        Object.assign(item, fields);
      }
    }
  }
  if (subscription.items.data.length === 0) {
    throw invalidRequest(
      "A subscription must have at least one active plan. To cancel it, use the cancel endpoint.",
      "items",
    );
  }
  showOnlyItem(subscription);
  return touched;
}

/** The running period of an item that comes to a subscription: as long as its siblings', if any. */
function addedPeriod(
  tx: Transaction,
  subscription: WireSubscription,
  { price }: NewItem,
): { start: number; end: number } {
  if (subscription.status === "trialing") {
    return { start: tx.now, end: subscription.trial_end ?? tx.now };
  }
  const { end } = periodAt(subscription.billing_cycle_anchor, recurrenceOf(price), tx.now);
  const sibling = subscription.items.data.find((item) => sameRecurrence(item.price, price));
  return { start: sibling?.current_period_start ?? tx.now, end };
}
