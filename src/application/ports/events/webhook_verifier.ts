import type { BillingEvent } from "../../../domain/events/billing_event.ts";

/** Distinguishes genuine webhook deliveries from forged ones. */
export interface WebhookVerifier {
  /**
   * Tells what can be known before the body is read: whether a signature header has the right form
   * and a time close to now. One that has not is never genuine, whatever the body.
   */
  mayBeGenuine(signature: string): boolean;

  /**
   * Returns the event in a delivery; `undefined` if the signature is missing, wrong or too old, or
   * if the body is not an event. The signature may match any active secret (P02).
   *
   * @param rawBody the bytes exactly as received (P01)
   * @param signature the `Stripe-Signature` header
   */
  verify(rawBody: Uint8Array, signature: string | undefined): Promise<BillingEvent | undefined>;
}
