import type { Stripe } from "stripe";
import type {
  PortalFlow,
  PortalRequest,
} from "../../../application/ports/subscription/payment_gateway.ts";

type FlowData = Stripe.BillingPortal.SessionCreateParams.FlowData;

/**
 * Builds the parameters of a Portal session. A session with a task returns to `completedUrl` when
 * the task is done.
 */
export function portalSessionParams(
  request: PortalRequest,
): Stripe.BillingPortal.SessionCreateParams {
  const { customerId, configurationId, returnUrl, completedUrl, flow } = request;
  return {
    customer: customerId,
    configuration: configurationId,
    return_url: returnUrl,
    ...(flow && {
      flow_data: {
        ...flowData(flow),
        ...(completedUrl !== undefined && {
          after_completion: { type: "redirect", redirect: { return_url: completedUrl } },
        }),
      },
    }),
  };
}

function flowData(flow: PortalFlow): FlowData {
  switch (flow.type) {
    case "payment_method_update":
      return { type: flow.type };
    case "subscription_cancel":
      return { type: flow.type, subscription_cancel: { subscription: flow.subscriptionId } };
    case "subscription_update_confirm":
      return {
        type: flow.type,
        subscription_update_confirm: {
          subscription: flow.subscriptionId,
          items: [{ id: flow.itemId, price: flow.priceId, quantity: flow.quantity }],
        },
      };
    default:
      return flow satisfies never;
  }
}
