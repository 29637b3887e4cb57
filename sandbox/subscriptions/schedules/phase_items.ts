import type { State } from "../../state/state.ts";
import type { WireSubscription, WireSubscriptionItem } from "../../state/wire.ts";
import type { ItemChange } from "../item_change.ts";
import type { Phase } from "./phases.ts";

/**
 * What a phase does to the items of a subscription: an item with the same price stays, the others
 * are replaced in their order, added or deleted.
 */
export function phaseItems(
  state: State,
  subscription: WireSubscription,
  phase: Phase,
): ItemChange[] {
  const left = [...subscription.items.data];
  const take = (found: WireSubscriptionItem | undefined) => {
    if (found !== undefined) {
      left.splice(left.indexOf(found), 1);
    }
    return found;
  };
  const wanted = phase.items.map((item) => ({
    quantity: item.quantity ?? 1,
    price: state.prices.get(String(item.price)),
    fields: { billing_thresholds: item.billing_thresholds },
    present: take(left.find(({ price }) => price.id === item.price)),
  }));
  const changes = wanted.flatMap(({ price, quantity, fields, present }): ItemChange[] => {
    const item = present ?? left.shift();
    if (price === undefined) {
      return [];
    }
    return item === undefined
      ? [{ kind: "add", item: { price, quantity, fields } }]
      : [{ kind: "change", id: item.id, price, quantity, fields }];
  });
  return [...changes, ...left.map(({ id }): ItemChange => ({ kind: "delete", id }))];
}

/** Whether a change of an item changes anything. */
export function isRealChange(subscription: WireSubscription, change: ItemChange): boolean {
  if (change.kind !== "change") {
    return true;
  }
  const item = subscription.items.data.find(({ id }) => id === change.id);
  return item?.price.id !== change.price.id || (item.quantity ?? 1) !== change.quantity;
}
