import type { Stripe } from "stripe";
import { cancelNow, type EndRequest, scheduleEnd } from "../engine/cancellation.ts";
import { invalidRequest, referenceMissing, resourceMissing } from "../engine/request_error.ts";
import { currentPeriodEnd } from "../engine/subscriptions.ts";
import { emitChange, type Transaction } from "../engine/transaction.ts";
import type { WireSubscription } from "../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "./listing.ts";
import {
  clearable,
  flag,
  given,
  hash,
  integer,
  mergeMetadata,
  metadata,
  oneOf,
  type Param,
  type Read,
  type ShapeOf,
  text,
} from "./params.ts";
import { type Route, route } from "./route.ts";

const FEEDBACK = oneOf(
  "customer_service",
  "low_quality",
  "missing_features",
  "other",
  "switched_service",
  "too_complex",
  "too_expensive",
  "unused",
);

const REMARKS = hash({ comment: clearable(text), feedback: clearable(FEEDBACK) });

const periodEndWord = oneOf("min_period_end", "max_period_end");

const cancelAt: Param<number | "min_period_end" | "max_period_end" | undefined> = (value, name) =>
  typeof value === "string" && /^\d+$/.test(value)
    ? integer(value, name)
    : periodEndWord(value, name);

const UPDATE = {
  cancel_at: clearable(cancelAt),
  cancel_at_period_end: flag,
  cancellation_details: REMARKS,
  default_payment_method: clearable(text),
  description: clearable(text),
  metadata,
} satisfies ShapeOf<Stripe.SubscriptionUpdateParams>;

/** The subscription with this id. */
export function subscriptionById(tx: Transaction, id: string): WireSubscription {
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
    check: ({ cancel_at: at, cancel_at_period_end: atPeriodEnd }) => {
      if (at !== undefined && atPeriodEnd !== undefined) {
        throw invalidRequest(
          "You may only specify one of these parameters: cancel_at, cancel_at_period_end.",
          "cancel_at",
        );
      }
    },
    handle: ({ tx, id, params }) => {
      const subscription = subscriptionById(tx, id);
      const method = params.default_payment_method;
      if (method && tx.state.paymentMethods.get(method)?.customer !== subscription.customer) {
        throw referenceMissing("PaymentMethod", method, "default_payment_method");
      }
      emitChange(tx, "customer.subscription.updated", subscription, (updated) =>
        applyUpdate(tx, updated, params),
      );
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

function applyUpdate(
  tx: Transaction,
  subscription: WireSubscription,
  params: Read<typeof UPDATE>,
): void {
  const end = requestedEnd(subscription, params);
  if (end !== undefined) {
    scheduleEnd(tx, subscription, end);
  }
  const { default_payment_method, description } = params;
  Object.assign(subscription, given({ default_payment_method, description }));
  subscription.metadata = mergeMetadata(subscription.metadata, params.metadata);
  if (params.cancellation_details !== undefined && subscription.cancellation_details !== null) {
    Object.assign(subscription.cancellation_details, given(params.cancellation_details));
  }
}

function requestedEnd(
  subscription: WireSubscription,
  params: Read<typeof UPDATE>,
): EndRequest | undefined {
  const { cancel_at: at, cancel_at_period_end: atPeriodEnd } = params;
  if (atPeriodEnd !== undefined) {
    return { kind: atPeriodEnd ? "at_period_end" : "never" };
  }
  if (at === undefined) {
    return undefined;
  }
  if (at === null) {
    return { kind: "never" };
  }
  return { kind: "at", timestamp: typeof at === "number" ? at : currentPeriodEnd(subscription) };
}
