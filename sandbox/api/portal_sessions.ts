import type { Stripe } from "stripe";
import { createPortalSession, defaultConfiguration } from "../engine/portal.ts";
import { invalidRequest, referenceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WirePortalConfiguration } from "../state/wire.ts";
import { hash, required, type ShapeOf, text, url } from "./params.ts";
import { buildFlow, checkFlow, checkFlowTarget, FLOW } from "./portal_flow.ts";
import { type Route, route } from "./route.ts";

const NEW_SESSION = {
  configuration: text,
  customer: required(text),
  flow_data: hash(FLOW),
  locale: text,
  return_url: url,
} satisfies ShapeOf<Stripe.BillingPortal.SessionCreateParams>;

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
