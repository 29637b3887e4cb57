import type { WebhookEndpoints } from "../../application/ports/events/webhook_endpoints.ts";
import type { ProviderInspection } from "../../application/ports/provider_inspection.ts";
import { createStripeClient, type StripeClientOptions } from "./create_stripe_client.ts";
import { StripeWebhookEndpoints } from "./events/stripe_webhook_endpoints.ts";
import { StripeInspection } from "./stripe_inspection.ts";

/** What operators need of Stripe, and no tenant's request does. */
export interface StripeOperation {
  readonly endpoints: WebhookEndpoints;
  readonly inspection: ProviderInspection;
}

/**
 * Stripe behind the operator's ports. Nothing is sent before the first call.
 *
 * @throws {TypeError} when an option cannot work; the message repeats no secret
 */
export function connectStripeOperation(options: StripeClientOptions): StripeOperation {
  const stripe = createStripeClient(options);
  return {
    endpoints: new StripeWebhookEndpoints(stripe),
    inspection: new StripeInspection(stripe),
  };
}
