import { connectStripe, type StripeOptions } from "../../../src/adapters/stripe/connect_stripe.ts";
import type { BillingPayments } from "../../../src/application/ports/billing_payments.ts";

/** The key of all tests; it must never show up in an error. */
export const SECRET_KEY = "sk_test_canary51QvDoNotLeak";

/** The adapter with test keys and without network retries. */
export function connected(options: Partial<StripeOptions> = {}): BillingPayments {
  return connectStripe({
    secretKey: SECRET_KEY,
    webhookSecrets: ["whsec_test"],
    maxNetworkRetries: 0,
    ...options,
  });
}
