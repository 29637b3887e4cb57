import type { Stripe } from "stripe";
import type { CheckoutRequest } from "../../../application/ports/subscription/payment_gateway.ts";

/**
 * A Checkout of one plan. The tenant's id goes to the session, to find its attempt again, and to
 * the subscription, which makes it ours (P14). What an account may have on by default and would
 * change price or seller is off; payment methods are the account's own choice.
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
    adaptive_pricing: { enabled: false },
    managed_payments: { enabled: false },
  };
}
