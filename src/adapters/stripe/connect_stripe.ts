import {
  type BillingPayments,
  DEFAULT_RECONCILE_REQUESTS_PER_SECOND,
} from "../../application/ports/billing_payments.ts";
import type { Clock } from "../../application/ports/clock.ts";
import { StripeCatalogPublisher } from "./catalog/stripe_catalog_publisher.ts";
import { createStripeClient, type StripeClientOptions } from "./create_stripe_client.ts";
import { StripeWebhookVerifier } from "./events/stripe_webhook_verifier.ts";
import { pacedHttpClient } from "./paced_http_client.ts";
import { StripePaymentRecords } from "./records/stripe_payment_records.ts";
import { RequestBudget } from "./request_budget.ts";
import { StripeClock } from "./stripe_clock.ts";
import { StripePaymentGateway } from "./stripe_payment_gateway.ts";
import { PriceRegister } from "./subscription/price_register.ts";
import { StripeCustomerSnapshots } from "./subscription/stripe_customer_snapshots.ts";
import { StripeInvoiceHistory } from "./subscription/stripe_invoice_history.ts";
import { StripeTokenPackPayments } from "./tokens/stripe_token_pack_payments.ts";

/**
 * The default tolerance of webhook timestamps, in seconds: the same as Stripe's own libraries use.
 */
export const WEBHOOK_TOLERANCE_SECONDS = 300;

/** How to reach Stripe and which of its webhooks to trust. */
export interface StripeOptions extends StripeClientOptions {
  /** Signing secrets of the webhook endpoint; a delivery may match any of them (P02). */
  readonly webhookSecrets: readonly string[];
  /**
   * Greatest distance between a delivery's timestamp and now, in seconds, in either direction.
   * Default 300.
   */
  readonly webhookToleranceSeconds?: number;
  /** The clock that timestamps are compared with. Default: the system clock. */
  readonly clock?: Clock;
  /** Requests per second for all background work together. Default 10. */
  readonly reconcileRequestsPerSecond?: number;
}

/**
 * Returns billing's payment ports, served by Stripe. Sends nothing before the first call.
 *
 * @throws {TypeError} if an option is unusable; the message contains no secret
 */
export function connectStripe(options: StripeOptions): BillingPayments {
  const clock = new StripeClock(options);
  const stripe = createStripeClient(options, (client) => clock.watch(client));
  const budget = new RequestBudget({
    requestsPerSecond: options.reconcileRequestsPerSecond ?? DEFAULT_RECONCILE_REQUESTS_PER_SECOND,
  });
  const prices = new PriceRegister();
  return {
    gateway: new StripePaymentGateway(stripe),
    snapshots: new StripeCustomerSnapshots(stripe, prices),
    packs: new StripeTokenPackPayments(stripe),
    invoices: new StripeInvoiceHistory(stripe),
    publisher: new StripeCatalogPublisher(stripe),
    verifier: new StripeWebhookVerifier({
      secrets: options.webhookSecrets,
      toleranceSeconds: options.webhookToleranceSeconds ?? WEBHOOK_TOLERANCE_SECONDS,
      clock: options.clock ?? (() => new Date()),
    }),
    clock,
    backgroundRate: () => budget.rate,
    background: (signal) => {
      const paced = createStripeClient(options, (client) =>
        pacedHttpClient(clock.watch(client), { budget, signal }),
      );
      return {
        gateway: new StripePaymentGateway(paced),
        snapshots: new StripeCustomerSnapshots(paced, prices),
        packs: new StripeTokenPackPayments(paced),
        records: new StripePaymentRecords(paced, prices),
      };
    },
  };
}
