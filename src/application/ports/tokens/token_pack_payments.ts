import type { PackPurchase } from "../../../domain/tokens/token_pack.ts";

/** The parameters of `createPackCheckout`. */
export interface PackCheckoutRequest {
  readonly tenantId: string;
  readonly customerId: string;
  readonly priceId: string;
  readonly packSlug: string;
  /** Stored with the payment, so later changes of the catalogue do not change what was bought. */
  readonly tokens: number;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/**
 * Sells token packs at the payment provider. Reads are fresh, never cached. Every method throws
 * `PortError`, transient for rate limits, timeouts and server errors.
 */
export interface TokenPackPayments {
  /** Creates a Checkout for a one-time payment, once per idempotency key. */
  createPackCheckout(
    request: PackCheckoutRequest,
    idempotencyKey: string,
  ): Promise<{ readonly id: string; readonly url: string }>;

  /**
   * Lists the packs that a customer has bought for a tenant, with their refunds and disputes, in
   * any order. Leaves out incomplete Checkouts and payments of other products.
   */
  purchases(customerId: string, tenantId: string): Promise<readonly PackPurchase[]>;

  /**
   * Returns the customer behind an event that names none itself (refunds, disputes), through the
   * payment of the event's object; `null` if there is none.
   *
   * @param payload the event's body
   */
  customerOfEvent(payload: string): Promise<string | null>;
}
