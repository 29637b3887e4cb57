import {
  type BillingPayments,
  DEFAULT_RECONCILE_REQUESTS_PER_SECOND,
} from "../../application/ports/billing_payments.ts";
import type { Clock } from "../../application/ports/clock.ts";
import { StripeCatalogPublisher } from "./catalog/stripe_catalog_publisher.ts";
import { createStripeClient, type StripeClientOptions } from "./create_stripe_client.ts";
import { StripeWebhookVerifier } from "./events/stripe_webhook_verifier.ts";
import { pacedHttpClient } from "./paced_http_client.ts";
import { RequestBudget } from "./request_budget.ts";
import { StripeClock } from "./stripe_clock.ts";
import { StripePaymentGateway } from "./stripe_payment_gateway.ts";
import { PriceRegister } from "./subscription/price_register.ts";
import { StripeCustomerSnapshots } from "./subscription/stripe_customer_snapshots.ts";
import { StripeInvoiceHistory } from "./subscription/stripe_invoice_history.ts";
import { StripePaymentRecords } from "./subscription/stripe_payment_records.ts";
import { StripeTokenPackPayments } from "./tokens/stripe_token_pack_payments.ts";

/** How far a delivery's time may be from ours where nothing else is said. Stripe's own default. */
export const WEBHOOK_TOLERANCE_SECONDS = 300;

/** How to reach Stripe, and which of its deliveries to believe. */
export interface StripeOptions extends StripeClientOptions {
  /** Signing secrets of the webhook endpoint; any of them may match (P02). */
  readonly webhookSecrets: readonly string[];
  /** How far a delivery's timestamp may be from now, in either direction. Default 300. */
  readonly webhookToleranceSeconds?: number;
  /** What deliveries are dated against. Default: the system's clock, as Stripe's is real too. */
  readonly clock?: Clock;
  /** Requests that background work may send, all of it together. Default 10. */
  readonly reconcileRequestsPerSecond?: number;
}

/**
 * Stripe behind billing's ports. Nothing is sent before the first call.
 *
 * @throws {TypeError} when an option cannot work; the message repeats no secret
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
    background: (signal) => {
      const paced = createStripeClient(options, (client) =>
        pacedHttpClient(clock.watch(client), { budget, signal }),
      );
      return {
        gateway: new StripePaymentGateway(paced),
        snapshots: new StripeCustomerSnapshots(paced, prices),
        packs: new StripeTokenPackPayments(paced),
        records: new StripePaymentRecords(paced),
      };
    },
  };
}
