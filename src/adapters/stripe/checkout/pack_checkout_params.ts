import type { Stripe } from "stripe";
import type { PackCheckoutRequest } from "../../../application/ports/tokens/token_pack_payments.ts";

/** Marks our token packs in the metadata of sessions and payments. */
export const PACK_KIND = "token_pack";

/**
 * A Checkout of one token pack, paid once. What was bought is kept on the session and on the payment,
 * so that refunds and disputes lead back to it. What an account may have on by default and would
 * change price or seller is off; payment methods are the account's own choice.
 */
export function packCheckoutParams(
  request: PackCheckoutRequest,
): Stripe.Checkout.SessionCreateParams {
  const { tenantId, packSlug, tokens } = request;
  const metadata = { tenantId, kind: PACK_KIND, packSlug, tokens: String(tokens) };
  return {
    mode: "payment",
    customer: request.customerId,
    client_reference_id: tenantId,
    line_items: [{ price: request.priceId, quantity: 1 }],
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    metadata,
    payment_intent_data: { metadata },
    adaptive_pricing: { enabled: false },
    automatic_tax: { enabled: false },
    managed_payments: { enabled: false },
  };
}
