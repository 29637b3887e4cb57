import type { Stripe } from "stripe";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import { isLive } from "../engine/subscriptions.ts";
import type { WireSubscription } from "../state/wire.ts";
import { cancelSubscription } from "../subscriptions/cancel.ts";
import {
  created,
  inRange,
  isInView,
  matches,
  newestFirst,
  ownedBy,
  PAGE,
  page,
} from "./listing.ts";
import { flag, given, hash, oneOf, type Read, required, type ShapeOf, text } from "./params.ts";
import { type Route, route } from "./route.ts";
import { REMARKS } from "./subscription_remarks.ts";
import { checkUpdate, UPDATE, updateSubscription } from "./subscription_update.ts";
import { subscriptionById } from "./subscriptions/find_subscription.ts";

const LIST = {
  ...PAGE,
  automatic_tax: hash({ enabled: required(flag) }),
  collection_method: oneOf("charge_automatically", "send_invoice"),
  created,
  current_period_end: created,
  current_period_start: created,
  customer: text,
  plan: text,
  price: text,
  status: oneOf(
    "active",
    "all",
    "canceled",
    "ended",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
  ),
  test_clock: text,
} satisfies ShapeOf<Stripe.SubscriptionListParams>;

export const subscriptionRoutes: Route[] = [
  route("GET", "/v1/subscriptions/:id", {
    params: {},
    returns: "subscription",
    handle: ({ tx, id }) => subscriptionById(tx, id),
  }),
  route("POST", "/v1/subscriptions/:id", {
    params: UPDATE,
    returns: "subscription",
    check: checkUpdate,
    handle: ({ tx, id, params }) => {
      const subscription = subscriptionById(tx, id);
      updateSubscription(tx, subscription, params);
      return subscription;
    },
  }),
  route("DELETE", "/v1/subscriptions/:id", {
    params: {
      cancellation_details: REMARKS,
      invoice_now: flag,
      prorate: flag,
    } satisfies ShapeOf<Stripe.SubscriptionCancelParams>,
    returns: "subscription",
    handle: ({ tx, id, params }) => {
      const subscription = subscriptionById(tx, id);
      if (!isLive(subscription)) {
        throw resourceMissing("subscription", id);
      }
      cancelSubscription(tx, subscription, {
        prorate: params.prorate ?? false,
        invoiceNow: params.invoice_now ?? false,
        remarks: given(params.cancellation_details ?? {}),
      });
      return subscription;
    },
  }),
  route("GET", "/v1/subscriptions", {
    params: LIST,
    returns: "list:subscription",
    check: ({ plan, price }) => {
      if (plan !== undefined && price !== undefined) {
        throw invalidRequest("You may only specify one of these parameters: plan, price.", "plan");
      }
    },
    handle: ({ tx, params }) => {
      const found = newestFirst(ownedBy(tx.state.subscriptions, params.customer), (subscription) =>
        isWanted(subscription, params),
      );
      return page("/v1/subscriptions", found, params);
    },
  }),
];

function isWanted(subscription: WireSubscription, params: Read<typeof LIST>): boolean {
  const price = params.price ?? params.plan;
  const { data: items } = subscription.items;
  return (
    hasStatus(subscription, params.status) &&
    matches(params.collection_method, subscription.collection_method) &&
    isInView(subscription, params) &&
    matches(params.automatic_tax?.enabled, subscription.automatic_tax.enabled) &&
    inRange(subscription.created, params.created) &&
    items.some((item) => inRange(item.current_period_end, params.current_period_end)) &&
    items.some((item) => inRange(item.current_period_start, params.current_period_start)) &&
    (price === undefined || items.some((item) => item.price.id === price))
  );
}

function hasStatus(subscription: WireSubscription, wanted: string | undefined): boolean {
  switch (wanted) {
    case undefined:
      return subscription.status !== "canceled";
    case "all":
      return true;
    case "ended":
      return !isLive(subscription);
    default:
      return subscription.status === wanted;
  }
}
