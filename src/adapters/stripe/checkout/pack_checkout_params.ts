import type { Stripe } from "stripe";
import type { PackCheckoutRequest } from "../../../application/ports/tokens/token_pack_payments.ts";
import { paperworkParams } from "./paperwork_params.ts";

/** The `kind` metadata that marks sessions and payments of our token packs. */
export const PACK_KIND = "token_pack";

/**
 * Builds the parameters of a Checkout Session for one token pack, paid once. Both the session and
 * the payment carry what was bought, which links refunds and disputes to it. Account defaults that
 * would change the price or the seller are switched off; the account decides on the payment
 * methods.
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
    ...(request.invoice && {
      invoice_creation: { enabled: true, invoice_data: { metadata } },
    }),
    ...paperworkParams(request.paperwork),
    adaptive_pricing: { enabled: false },
    managed_payments: { enabled: false },
  };
}
