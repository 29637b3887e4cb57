import { invalidRequest, referenceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireSubscription, WireSubscriptionItem } from "../../state/wire.ts";
import type { ItemChange } from "../../subscriptions/item_change.ts";
import { isMetered, type NewItem } from "../../subscriptions/subscription_item.ts";
import { flag, hash, mergeMetadata, type Read, text } from "../params.ts";
import { checkItems } from "./creation.ts";
import { chosenPrice } from "./price_param.ts";
import { ITEM_FIELDS } from "./shared_params.ts";

/** An item of a subscription with what shall change; one without an id is a new item. */
export const CHANGED_ITEM = hash({ ...ITEM_FIELDS, clear_usage: flag, deleted: flag, id: text });

/** What a request says of one item. */
export type ChangedItem = NonNullable<Read<{ item: typeof CHANGED_ITEM }>["item"]>;

/**
 * What a request does to the items of a subscription, with the prices looked up.
 * @throws {RequestError} where an item or a price does not exist or does not fit
 */
export function itemChanges(
  tx: Transaction,
  subscription: WireSubscription,
  items: readonly ChangedItem[],
): ItemChange[] {
  const changes = items.map((item, index) => itemChange(tx, subscription, item, `items[${index}]`));
  const gone = changes.flatMap((one) => (one.kind === "delete" ? [one.id] : []));
  const left = subscription.items.data.filter(({ id }) => !gone.includes(id));
  const after = left.map((present) => {
    const change = changes.find((one) => one.kind === "change" && one.id === present.id);
    return change?.kind === "change" ? { price: change.price } : present;
  });
  const added = changes.flatMap((one) => (one.kind === "add" ? [one.item] : []));
  checkItems([...after, ...added], subscription.billing_mode.type as "classic" | "flexible");
  return changes;
}

function itemChange(
  tx: Transaction,
  subscription: WireSubscription,
  wanted: ChangedItem,
  name: string,
): ItemChange {
  const { currency } = subscription;
  if (wanted.id === undefined) {
    const price = chosenPrice(tx, wanted, name, { type: "recurring", currency });
    if (price === undefined) {
      throw invalidRequest(`Missing required param: ${name}[price].`, `${name}[price]`);
    }
    const quantity = wanted.quantity ?? 1;
    return { kind: "add", item: { price, quantity, fields: itemFields(wanted) } };
  }
  const present = subscription.items.data.find(({ id }) => id === wanted.id);
  if (present === undefined) {
    throw referenceMissing("subscription_item", wanted.id, `${name}[id]`);
  }
  if (wanted.deleted === true) {
    return { kind: "delete", id: present.id };
  }
  const rules = { type: "recurring", currency, present: present.price } as const;
  const price = chosenPrice(tx, wanted, name, rules) ?? present.price;
  checkQuantity(wanted, price, name);
  const kept = price.id === present.price.id ? (present.quantity ?? 1) : 1;
  return {
    kind: "change",
    id: present.id,
    price,
    quantity: wanted.quantity ?? kept,
    fields: itemFields(wanted, present),
  };
}

function checkQuantity(wanted: ChangedItem, price: NewItem["price"], name: string): void {
  if (wanted.quantity !== undefined && isMetered(price)) {
    throw invalidRequest("You cannot set the quantity of a metered price.", `${name}[quantity]`);
  }
}

/** The fields of an item that are only stored. */
function itemFields(
  {
    metadata,
    billing_thresholds: thresholds,
  }: Pick<ChangedItem, "billing_thresholds" | "metadata">,
  present?: WireSubscriptionItem,
): NonNullable<NewItem["fields"]> {
  return {
    metadata: mergeMetadata(present?.metadata ?? {}, metadata),
    billing_thresholds:
      thresholds === undefined
        ? (present?.billing_thresholds ?? null)
        : thresholds && { usage_gte: thresholds.usage_gte },
  };
}
