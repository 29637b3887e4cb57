import type { Interval } from "../../domain/catalog.ts";
import type { Invoice } from "../../domain/invoice.ts";
import type { Subscription } from "../../domain/subscription.ts";

/** A Checkout that the customer can be sent to. */
export interface CheckoutSession {
  readonly id: string;
  readonly url: string;
  /** The attempt it was made for (see `CheckoutIntent`); `null` for sessions that are not ours. */
  readonly attempt: number | null;
}

/** What `createCheckout` needs. */
export interface CheckoutRequest {
  readonly tenantId: string;
  readonly customerId: string;
  readonly attempt: number;
  readonly priceId: string;
  readonly planSlug: string;
  readonly interval: Interval;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly expiresAt: Date;
}

/** What a customer is meant to do in the Customer Portal; without one it opens at its home. */
export type PortalFlow =
  | { readonly type: "payment_method_update" }
  | { readonly type: "subscription_cancel"; readonly subscriptionId: string };

/**
 * The payment provider, for one customer at a time. Reads are fresh, never cached. Calls that
 * create something carry an idempotency key: under one key the same thing is created once.
 * Every method throws `PortError`, transient for rate limits, time-outs and server errors.
 */
export interface PaymentGateway {
  /**
   * Creates a customer that carries the tenant's id and nothing about the person who asks: two of
   * them at once have to make the same call. Checkout asks the payer for an e-mail address.
   */
  createCustomer(
    customer: { tenantId: string },
    idempotencyKey: string,
  ): Promise<{ customerId: string }>;

  /** The tenant a customer was created for, `null` for other products' and deleted customers. */
  tenantOfCustomer(customerId: string): Promise<string | null>;

  /** All subscriptions of a customer in every status; `undefined` when it was deleted. */
  subscriptions(customerId: string): Promise<readonly Subscription[] | undefined>;

  /** The invoices of a subscription, newest first, read page by page as they are asked for. */
  invoices(subscriptionId: string): AsyncIterable<Invoice>;

  /** Creates a Checkout for a new subscription that carries the tenant's id. */
  createCheckout(request: CheckoutRequest, idempotencyKey: string): Promise<CheckoutSession>;

  /** The customer's subscription Checkouts that can still be paid. */
  openCheckouts(customerId: string): Promise<readonly CheckoutSession[]>;

  /** Closes a Checkout; one that is already closed or paid is left as it is. */
  expireCheckout(sessionId: string): Promise<void>;

  /** Opens the Customer Portal. The URL is short-lived. */
  createPortalSession(request: {
    customerId: string;
    configurationId: string;
    returnUrl: string;
    flow: PortalFlow | null;
  }): Promise<{ url: string }>;
}
