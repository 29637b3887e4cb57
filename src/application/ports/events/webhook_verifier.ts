import type { BillingEvent } from "../../../domain/events/billing_event.ts";

/** Tells genuine webhook deliveries from others. */
export interface WebhookVerifier {
  /**
   * The event in a delivery, or `undefined` when its signature is missing, wrong or too old, or
   * its body is not an event. Any of the active secrets may match (P02).
   *
   * @param rawBody the bytes as they came over the wire (P01)
   * @param signature the `Stripe-Signature` header
   */
  verify(rawBody: Uint8Array, signature: string | undefined): Promise<BillingEvent | undefined>;
}
