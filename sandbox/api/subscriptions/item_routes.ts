import type { Stripe } from "stripe";
import { invalidRequest, referenceMissing, resourceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireSubscription, WireSubscriptionItem } from "../../state/wire.ts";
import { changeSubscription } from "../../subscriptions/change_subscription.ts";
import { isMetered } from "../../subscriptions/subscription_item.ts";
import { PAGE, page } from "../listing.ts";
import { flag, integer, oneOf, type Read, required, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";
import { type ChangedItem, itemChanges } from "./changed_items.ts";
import { ITEM_FIELDS, PRORATION } from "./shared_params.ts";

const PATH = "/v1/subscription_items";

const PAYMENT = {
  payment_behavior: oneOf(
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
  ),
  proration_behavior: PRORATION,
  proration_date: integer,
};

/** The items of subscriptions, each on its own. */
export const subscriptionItemRoutes: Route[] = [
  route("POST", PATH, {
    params: {
      ...ITEM_FIELDS,
      ...PAYMENT,
      subscription: required(text),
    } satisfies ShapeOf<Stripe.SubscriptionItemCreateParams>,
    returns: "subscription_item",
    handle: ({ tx, params }) => {
      const { subscription: id, payment_behavior, proration_behavior, proration_date } = params;
      const subscription = tx.state.subscriptions.get(id);
      if (subscription === undefined) {
        throw referenceMissing("subscription", id, "subscription");
      }
      const before = subscription.items.data.map((item) => item.id);
      const payment = { payment_behavior, proration_behavior, proration_date };
      change(tx, subscription, wantedItem(params), payment);
      const added = subscription.items.data.find((item) => !before.includes(item.id));
      return added ?? subscription.pending_update?.subscription_items?.at(-1) ?? subscription;
    },
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "subscription_item",
    handle: ({ tx, id }) => itemById(tx, id).item,
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      ...ITEM_FIELDS,
      ...PAYMENT,
      off_session: flag,
    } satisfies ShapeOf<Stripe.SubscriptionItemUpdateParams>,
    returns: "subscription_item",
    handle: ({ tx, id, params }) => {
      const { subscription } = itemById(tx, id);
      change(tx, subscription, { ...wantedItem(params), id }, params);
      return itemById(tx, id).item;
    },
  }),
  route("DELETE", `${PATH}/:id`, {
    params: {
      ...PAYMENT,
      clear_usage: flag,
    } satisfies ShapeOf<Stripe.SubscriptionItemDeleteParams>,
    returns: "deleted",
    handle: ({ tx, id, params }) => {
      const { subscription, item } = itemById(tx, id);
      if (params.clear_usage === true && !isMetered(item.price)) {
        throw invalidRequest(
          "`clear_usage` can only be used with items whose usage_type is `metered`.",
          "clear_usage",
        );
      }
      change(tx, subscription, { ...wantedItem({}), id, deleted: true }, params);
      return { id, object: "subscription_item", deleted: true };
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      subscription: required(text),
    } satisfies ShapeOf<Stripe.SubscriptionItemListParams>,
    returns: "list:subscription_item",
    handle: ({ tx, params }) => {
      const subscription = tx.state.subscriptions.get(params.subscription);
      if (subscription === undefined) {
        throw referenceMissing("subscription", params.subscription, "subscription");
      }
      return page(PATH, subscription.items.data, params);
    },
  }),
];

function wantedItem(fields: Partial<ChangedItem>): ChangedItem {
  const { billing_thresholds, metadata, plan, price, price_data, quantity } = fields;
  return {
    billing_thresholds,
    metadata,
    plan,
    price,
    price_data,
    quantity,
    clear_usage: undefined,
    deleted: undefined,
    id: undefined,
  };
}

function change(
  tx: Transaction,
  subscription: WireSubscription,
  wanted: ChangedItem,
  payment: Pick<Read<typeof PAYMENT>, keyof typeof PAYMENT>,
): void {
  changeSubscription(
    tx,
    subscription,
    {
      items: itemChanges(tx, subscription, [wanted]),
      prorationBehavior: payment.proration_behavior ?? "create_prorations",
      prorationDate: payment.proration_date ?? tx.now,
      resetAnchor: false,
      trialEnd: null,
    },
    payment.payment_behavior,
  );
}

function itemById(
  tx: Transaction,
  id: string,
): { subscription: WireSubscription; item: WireSubscriptionItem } {
  for (const subscription of tx.state.subscriptions.values()) {
    const item = subscription.items.data.find((found) => found.id === id);
    if (item !== undefined) {
      return { subscription, item };
    }
  }
  throw resourceMissing("subscription_item", id);
}
