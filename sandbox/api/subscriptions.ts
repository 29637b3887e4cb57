import type { Stripe } from "stripe";
import { cancelNow } from "../engine/cancellation.ts";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireSubscription } from "../state/wire.ts";
import { created, inRange, isInView, matches, newestFirst, PAGE, page } from "./listing.ts";
import { flag, given, oneOf, type ShapeOf, text } from "./params.ts";
import { type Route, route } from "./route.ts";
import { REMARKS } from "./subscription_remarks.ts";
import { checkUpdate, UPDATE, updateSubscription } from "./subscription_update.ts";

/** The subscription with this id. */
function subscriptionById(tx: Transaction, id: string): WireSubscription {
  const subscription = tx.state.subscriptions.get(id);
  if (subscription === undefined) {
    throw resourceMissing("subscription", id);
  }
  return subscription;
}

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
    check: ({ invoice_now: invoiceNow, prorate }) => {
      if (invoiceNow === true || prorate === true) {
        throw invalidRequest("The sandbox does not prorate a cancellation.", "prorate");
      }
    },
    handle: ({ tx, id, params }) => {
      const subscription = subscriptionById(tx, id);
      if (subscription.status === "canceled") {
        throw resourceMissing("subscription", id);
      }
      const remarks = given(params.cancellation_details ?? {});
      cancelNow(tx, subscription, "cancellation_requested", remarks);
      return subscription;
    },
  }),
  route("GET", "/v1/subscriptions", {
    params: {
      ...PAGE,
      created,
      customer: text,
      price: text,
      test_clock: text,
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
    } satisfies ShapeOf<Stripe.SubscriptionListParams>,
    returns: "list:subscription",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.subscriptions,
        (subscription) =>
          hasStatus(subscription, params.status) &&
          isInView(subscription, params) &&
          matches(params.customer, subscription.customer) &&
          inRange(subscription.created, params.created) &&
          (params.price === undefined ||
            subscription.items.data.some(({ price }) => price.id === params.price)),
      );
      return page("/v1/subscriptions", found, params);
    },
  }),
];

function hasStatus(subscription: WireSubscription, wanted: string | undefined): boolean {
  switch (wanted) {
    case undefined:
      return subscription.status !== "canceled";
    case "all":
      return true;
    case "ended":
      return ["canceled", "incomplete_expired"].includes(subscription.status);
    default:
      return subscription.status === wanted;
  }
}
