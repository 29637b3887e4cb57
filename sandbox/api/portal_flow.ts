import type { Stripe } from "stripe";
import { changeableItem, checkChoice } from "../engine/portal_update.ts";
import { invalidRequest, referenceMissing } from "../engine/request_error.ts";
import { isLive } from "../engine/subscriptions.ts";
import type { Transaction } from "../engine/transaction.ts";
import type {
  WirePortalConfiguration,
  WirePortalSession,
  WireSubscription,
} from "../state/wire.ts";
import {
  between,
  hash,
  list,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
  url,
} from "./params.ts";

/** The details of flows that are refused by their type. */
const unread = () => undefined;

/** What a request says about the task that a Portal session opens at. */
export const FLOW = {
  after_completion: hash({
    hosted_confirmation: hash({ custom_message: text }),
    redirect: hash({ return_url: required(url) }),
    type: required(oneOf("hosted_confirmation", "portal_homepage", "redirect")),
  }),
  subscription_cancel: hash({ subscription: required(text) }),
  subscription_pause: unread,
  subscription_update: hash({ subscription: required(text) }),
  subscription_update_confirm: hash({
    items: required(
      list(hash({ id: required(text), price: text, quantity: between(1, 999_999) }), 1),
    ),
    subscription: required(text),
  }),
  type: required(
    oneOf(
      "customer_update",
      "payment_method_update",
      "subscription_cancel",
      "subscription_pause",
      "subscription_update",
      "subscription_update_confirm",
    ),
  ),
} satisfies ShapeOf<Stripe.BillingPortal.SessionCreateParams.FlowData>;

/** A requested flow. */
export type FlowParams = Read<typeof FLOW>;

/** Whose session it is, and what it may do. */
export interface FlowContext {
  customer: string;
  configuration: WirePortalConfiguration;
}

/**
 * Refuses flows that the sandbox does not do and flows without their details.
 * @throws {RequestError}
 */
export function checkFlow(flow: FlowParams | undefined): void {
  if (flow === undefined) {
    return;
  }
  const { type, after_completion: after } = flow;
  if (type === "subscription_pause") {
    throw invalidRequest(`The sandbox does not do the flow \`${type}\`.`, "flow_data[type]");
  }
  if (type !== "payment_method_update" && type !== "customer_update" && flow[type] === undefined) {
    throw missing(`flow_data[${type}]`);
  }
  if (after?.type === "redirect" && after.redirect === undefined) {
    throw missing("flow_data[after_completion][redirect]");
  }
}

/**
 * Refuses flows that the configuration does not enable or the subscription cannot take.
 * @throws {RequestError}
 */
export function checkFlowTarget(tx: Transaction, flow: FlowParams, context: FlowContext): void {
  const { features } = context.configuration;
  switch (flow.type) {
    case "payment_method_update":
      requireEnabled(flow.type, features.payment_method_update.enabled);
      return;
    case "customer_update":
      requireEnabled(flow.type, features.customer_update.enabled);
      return;
    case "subscription_cancel": {
      requireEnabled(flow.type, features.subscription_cancel.enabled);
      const subscription = targetOf(tx, flow, context);
      if (!isLive(subscription) || subscription.cancel_at !== null) {
        throw invalidRequest(
          "The subscription cannot be canceled: it is canceled or set to cancel already.",
          "flow_data[subscription_cancel][subscription]",
        );
      }
      return;
    }
    case "subscription_update":
    case "subscription_update_confirm":
      requireEnabled(flow.type, features.subscription_update.enabled);
      checkUpdateFlow(tx, flow, context);
  }
}

function checkUpdateFlow(tx: Transaction, flow: FlowParams, context: FlowContext): void {
  const { features } = context.configuration;
  const subscription = targetOf(tx, flow, context);
  const item = changeableItem(tx.state, features, subscription);
  const [wanted] = flow.subscription_update_confirm?.items ?? [];
  if (flow.type !== "subscription_update_confirm" || wanted === undefined) {
    return;
  }
  const param = "flow_data[subscription_update_confirm][items][0]";
  if (wanted.id !== item.id) {
    throw referenceMissing("subscription_item", wanted.id, `${param}[id]`);
  }
  const price = tx.state.prices.get(wanted.price ?? item.price.id);
  if (price === undefined) {
    throw referenceMissing("price", wanted.price ?? "", `${param}[price]`);
  }
  const quantity = wanted.quantity ?? 1;
  checkChoice(tx.state, features, { subscription, item, price, quantity });
}

/** The flow as Stripe shows it on the session. */
export function buildFlow(flow: FlowParams): NonNullable<WirePortalSession["flow"]> {
  const { after_completion: after, subscription_update_confirm: confirm } = flow;
  return {
    after_completion: {
      hosted_confirmation:
        after?.hosted_confirmation === undefined
          ? null
          : { custom_message: after.hosted_confirmation.custom_message ?? null },
      redirect: after?.redirect ?? null,
      type: after?.type ?? "portal_homepage",
    },
    customer_update: flow.type === "customer_update" ? {} : null,
    subscription_cancel:
      flow.subscription_cancel === undefined
        ? null
        : { retention: null, subscription: flow.subscription_cancel.subscription },
    subscription_pause: null,
    subscription_update: flow.subscription_update ?? null,
    subscription_update_confirm:
      confirm === undefined
        ? null
        : {
            discounts: null,
            items: confirm.items.map(({ id, price, quantity = 1 }) => ({
              id,
              price: price ?? null,
              quantity,
            })),
            subscription: confirm.subscription,
          },
    type: flow.type,
  };
}

function targetOf(tx: Transaction, flow: FlowParams, context: FlowContext): WireSubscription {
  const id =
    flow.subscription_cancel?.subscription ??
    flow.subscription_update?.subscription ??
    flow.subscription_update_confirm?.subscription ??
    "";
  const subscription = tx.state.subscriptions.get(id);
  if (subscription === undefined || subscription.customer !== context.customer) {
    throw referenceMissing("subscription", id, `flow_data[${flow.type}][subscription]`);
  }
  return subscription;
}

function requireEnabled(type: string, enabled: boolean): void {
  if (!enabled) {
    throw invalidRequest(
      `This flow is disabled: the portal configuration does not enable \`${type}\`.`,
      "flow_data[type]",
    );
  }
}

function missing(name: string): Error {
  return invalidRequest(`Missing required param: ${name}.`, name, "parameter_missing");
}
