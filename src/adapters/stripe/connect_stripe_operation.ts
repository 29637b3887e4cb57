import type { WebhookEndpoints } from "../../application/ports/events/webhook_endpoints.ts";
import type { ProviderInspection } from "../../application/ports/provider_inspection.ts";
import { createStripeClient, type StripeClientOptions } from "./create_stripe_client.ts";
import { StripeWebhookEndpoints } from "./events/stripe_webhook_endpoints.ts";
import { StripeInspection } from "./stripe_inspection.ts";

/** The ports that only operators need. */
export interface StripeOperation {
  readonly endpoints: WebhookEndpoints;
  readonly inspection: ProviderInspection;
}

/**
 * Returns the operator's ports, served by Stripe. Sends nothing before the first call.
 *
 * @throws {TypeError} if an option is unusable; the message contains no secret
 */
export function connectStripeOperation(options: StripeClientOptions): StripeOperation {
  const stripe = createStripeClient(options);
  return {
    endpoints: new StripeWebhookEndpoints(stripe),
    inspection: new StripeInspection(stripe),
  };
}
