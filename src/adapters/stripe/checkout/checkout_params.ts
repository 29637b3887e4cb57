import type { Stripe } from "stripe";
import type { CheckoutRequest } from "../../../application/ports/subscription/payment_gateway.ts";
import { paperworkParams } from "./paperwork_params.ts";

/**
 * Builds the parameters of a Checkout Session for one plan. The session carries the tenant's id so
 * that its attempt can be found again; the subscription carries it too, which makes it ours (P14).
 * Account defaults that would change the price or the seller are switched off; the account decides
 * on the payment methods.
 */
export function checkoutParams(request: CheckoutRequest): Stripe.Checkout.SessionCreateParams {
  const { tenantId, attempt, planSlug, interval } = request;
  return {
    mode: "subscription",
    customer: request.customerId,
    client_reference_id: tenantId,
    line_items: [{ price: request.priceId, quantity: 1 }],
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: Math.floor(request.expiresAt.getTime() / 1000),
    metadata: { tenantId, attempt: String(attempt), planSlug, interval },
    subscription_data: {
      metadata: { tenantId },
      ...(request.trialDays !== null && { trial_period_days: request.trialDays }),
    },
    ...paperworkParams(request.paperwork),
    adaptive_pricing: { enabled: false },
    managed_payments: { enabled: false },
  };
}
