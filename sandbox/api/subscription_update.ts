import type { Stripe } from "stripe";
import { type EndRequest, scheduleEnd } from "../engine/cancellation.ts";
import { changePlan, type PlanChange } from "../engine/plan_change.ts";
import { invalidRequest, referenceMissing } from "../engine/request_error.ts";
import { currentPeriodEnd } from "../engine/subscriptions.ts";
import { emitChange, type Transaction } from "../engine/transaction.ts";
import type { WirePrice, WireSubscription } from "../state/wire.ts";
import {
  between,
  clearable,
  flag,
  given,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  type Param,
  type Read,
  required,
  type ShapeOf,
  text,
} from "./params.ts";
import { REMARKS } from "./subscription_remarks.ts";

const periodEndWord = oneOf("min_period_end", "max_period_end");

const cancelAt: Param<number | "min_period_end" | "max_period_end" | undefined> = (value, name) =>
  typeof value === "string" && /^\d+$/.test(value)
    ? integer(value, name)
    : periodEndWord(value, name);

const trialEnd: Param<number | "now" | undefined> = (value, name) =>
  value === "now" ? "now" : integer(value, name);

/** An item of a subscription with what shall change; one without an id would be a new item. */
export const CHANGED_ITEM = hash({
  id: text,
  price: text,
  quantity: between(1, 999_999),
});

/** What is done about the difference in price. */
export const PRORATION = oneOf("always_invoice", "create_prorations", "none");

/** The parameters of a change of a subscription that the sandbox takes. */
export const UPDATE = {
  billing_cycle_anchor: hash({ type: required(oneOf("now", "unchanged")) }),
  cancel_at: clearable(cancelAt),
  cancel_at_period_end: flag,
  cancellation_details: REMARKS,
  default_payment_method: clearable(text),
  description: clearable(text),
  items: list(CHANGED_ITEM, 20),
  metadata,
  payment_behavior: oneOf(
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
  ),
  proration_behavior: PRORATION,
  proration_date: integer,
  trial_end: trialEnd,
} satisfies ShapeOf<Stripe.SubscriptionUpdateParams>;

/** A request to change a subscription. */
export type UpdateParams = Read<typeof UPDATE>;

/**
 * Refuses what Stripe refuses of these parameters together, and what the sandbox does not do.
 * @throws {RequestError}
 */
export function checkUpdate(params: UpdateParams): void {
  const { cancel_at: at, cancel_at_period_end: atPeriodEnd, payment_behavior: behavior } = params;
  if (at !== undefined && atPeriodEnd !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: cancel_at, cancel_at_period_end.",
      "cancel_at",
    );
  }
  if (behavior !== undefined && behavior !== "allow_incomplete") {
    throw invalidRequest(
      `The sandbox does not do payment_behavior \`${behavior}\`.`,
      "payment_behavior",
    );
  }
  if (params.trial_end !== undefined && params.trial_end !== "now") {
    throw invalidRequest("The sandbox only ends a trial `now`.", "trial_end");
  }
}

/**
 * Changes a subscription as a request says; emits one `customer.subscription.updated` for its
 * fields, and for a change of plan what that emits.
 * @throws {RequestError}
 */
export function updateSubscription(
  tx: Transaction,
  subscription: WireSubscription,
  params: UpdateParams,
): void {
  const method = params.default_payment_method;
  if (method && tx.state.paymentMethods.get(method)?.customer !== subscription.customer) {
    throw referenceMissing("PaymentMethod", method, "default_payment_method");
  }
  const change = planChangeOf(tx, subscription, params);
  emitChange(tx, "customer.subscription.updated", subscription, (updated) =>
    applyFields(tx, updated, params),
  );
  if (change !== undefined) {
    changePlan(tx, subscription, change);
  }
}

/** What a request asks of the plan and the period; undefined where it leaves both alone. */
export function planChangeOf(
  tx: Pick<Transaction, "now" | "state">,
  subscription: WireSubscription,
  params: Pick<
    UpdateParams,
    "billing_cycle_anchor" | "items" | "proration_behavior" | "proration_date" | "trial_end"
  >,
): PlanChange | undefined {
  const resetAnchor = params.billing_cycle_anchor?.type === "now";
  const endTrial = params.trial_end === "now" || resetAnchor;
  if (params.items === undefined && !endTrial) {
    return undefined;
  }
  const [wanted, ...more] = params.items ?? [];
  const wantedId = params.items === undefined ? subscription.items.data[0]?.id : wanted?.id;
  const item = subscription.items.data.find(({ id }) => id === wantedId);
  if (item === undefined && wantedId !== undefined) {
    throw referenceMissing("subscription_item", wantedId, "items[0][id]");
  }
  if (item === undefined || more.length > 0) {
    throw invalidRequest("The sandbox changes one item that exists; it adds none.", "items");
  }
  const price = wanted?.price ?? item.price.id;
  return {
    item,
    price: activePrice(tx, price, item.price),
    quantity: wanted?.quantity ?? (price === item.price.id ? (item.quantity ?? 1) : 1),
    prorationBehavior: params.proration_behavior ?? "create_prorations",
    prorationDate: params.proration_date ?? tx.now,
    resetAnchor,
    endTrial,
  };
}

function activePrice(tx: Pick<Transaction, "state">, id: string, present: WirePrice): WirePrice {
  const price = tx.state.prices.get(id);
  if (price === undefined) {
    throw referenceMissing("price", id, "items[0][price]");
  }
  if (!price.active && id !== present.id) {
    throw invalidRequest(
      "The price specified is inactive. This field only accepts active prices.",
      "items[0][price]",
    );
  }
  return price;
}

function applyFields(tx: Transaction, subscription: WireSubscription, params: UpdateParams): void {
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
  params: UpdateParams,
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
