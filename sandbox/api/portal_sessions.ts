import type { Stripe } from "stripe";
import { createPortalSession, defaultConfiguration } from "../engine/portal.ts";
import { invalidRequest, referenceMissing } from "../engine/request_error.ts";
import { isLive } from "../engine/subscriptions.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WirePortalConfiguration, WirePortalSession } from "../state/wire.ts";
import { hash, oneOf, type Read, required, type ShapeOf, text, url } from "./params.ts";
import { type Route, route } from "./route.ts";

/** The details of flows that are refused by their type. */
const unread = () => undefined;

const FLOW = {
  after_completion: hash({
    hosted_confirmation: hash({ custom_message: text }),
    redirect: hash({ return_url: required(url) }),
    type: required(oneOf("hosted_confirmation", "portal_homepage", "redirect")),
  }),
  subscription_cancel: hash({ subscription: required(text) }),
  subscription_pause: unread,
  subscription_update: unread,
  subscription_update_confirm: unread,
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

const NEW_SESSION = {
  configuration: text,
  customer: required(text),
  flow_data: hash(FLOW),
  locale: text,
  return_url: url,
} satisfies ShapeOf<Stripe.BillingPortal.SessionCreateParams>;

type FlowParams = Read<typeof FLOW>;

export const portalSessionRoutes: Route[] = [
  route("POST", "/v1/billing_portal/sessions", {
    params: NEW_SESSION,
    returns: "billing_portal.session",
    check: ({ flow_data: flow }) => checkFlow(flow),
    handle: ({ tx, params }) => {
      if (!tx.state.customers.has(params.customer)) {
        throw referenceMissing("customer", params.customer, "customer");
      }
      const configuration = configurationFor(tx, params.configuration);
      if (params.flow_data !== undefined) {
        checkFlowTarget(tx, params.flow_data, { customer: params.customer, configuration });
      }
      return createPortalSession(tx, {
        configuration: configuration.id,
        customer: params.customer,
        flow: params.flow_data === undefined ? null : buildFlow(params.flow_data),
        locale: params.locale ?? null,
        return_url: params.return_url ?? configuration.default_return_url,
      });
    },
  }),
];

function checkFlow(flow: FlowParams | undefined): void {
  if (flow === undefined) {
    return;
  }
  if (flow.type !== "subscription_cancel" && flow.type !== "payment_method_update") {
    throw invalidRequest(`The sandbox does not do the flow \`${flow.type}\`.`, "flow_data[type]");
  }
  if (flow.type === "subscription_cancel" && flow.subscription_cancel === undefined) {
    throw invalidRequest(
      "Missing required param: flow_data[subscription_cancel].",
      "flow_data[subscription_cancel]",
      "parameter_missing",
    );
  }
  if (flow.after_completion?.type === "redirect" && flow.after_completion.redirect === undefined) {
    throw invalidRequest(
      "Missing required param: flow_data[after_completion][redirect].",
      "flow_data[after_completion][redirect]",
      "parameter_missing",
    );
  }
}

function configurationFor(tx: Transaction, id: string | undefined): WirePortalConfiguration {
  if (id !== undefined) {
    const configuration = tx.state.portalConfigurations.get(id);
    if (configuration === undefined) {
      throw referenceMissing("configuration", id, "configuration");
    }
    return configuration;
  }
  const configuration = defaultConfiguration(tx);
  if (configuration === undefined) {
    throw invalidRequest(
      "No configuration provided and your test mode default configuration has not been created. " +
        "Provide a configuration or create your default by creating a configuration through " +
        "the API (POST /v1/billing_portal/configurations).",
    );
  }
  return configuration;
}

function checkFlowTarget(
  tx: Transaction,
  flow: FlowParams,
  context: { customer: string; configuration: WirePortalConfiguration },
): void {
  const { features } = context.configuration;
  const enabled =
    flow.type === "subscription_cancel"
      ? features.subscription_cancel.enabled
      : features.payment_method_update.enabled;
  if (!enabled) {
    throw invalidRequest(
      `This flow is disabled: the portal configuration does not enable \`${flow.type}\`.`,
      "flow_data[type]",
    );
  }
  const id = flow.subscription_cancel?.subscription;
  if (flow.type !== "subscription_cancel" || id === undefined) {
    return;
  }
  const param = "flow_data[subscription_cancel][subscription]";
  const subscription = tx.state.subscriptions.get(id);
  if (subscription === undefined || subscription.customer !== context.customer) {
    throw referenceMissing("subscription", id, param);
  }
  if (!isLive(subscription) || subscription.cancel_at !== null) {
    throw invalidRequest(
      "The subscription cannot be canceled: it is canceled or set to cancel already.",
      param,
    );
  }
}

function buildFlow(flow: FlowParams): NonNullable<WirePortalSession["flow"]> {
  const { after_completion: after } = flow;
  return {
    after_completion: {
      hosted_confirmation:
        after?.hosted_confirmation === undefined
          ? null
          : { custom_message: after.hosted_confirmation.custom_message ?? null },
      redirect: after?.redirect ?? null,
      type: after?.type ?? "portal_homepage",
    },
    customer_update: null,
    subscription_cancel:
      flow.subscription_cancel === undefined
        ? null
        : { retention: null, subscription: flow.subscription_cancel.subscription },
    subscription_pause: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type: flow.type,
  };
}
