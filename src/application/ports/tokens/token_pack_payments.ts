import type { PackPurchase } from "../../../domain/tokens/token_pack.ts";

/** What `createPackCheckout` needs. */
export interface PackCheckoutRequest {
  readonly tenantId: string;
  readonly customerId: string;
  readonly priceId: string;
  readonly packSlug: string;
  /** Kept with the payment: what is bought stays bought, whatever the catalogue says later. */
  readonly tokens: number;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/**
 * The payment provider, as far as token packs go. Reads are fresh, never cached. Every method throws
 * `PortError`, transient for rate limits, time-outs and server errors.
 */
export interface TokenPackPayments {
  /** Creates a Checkout that is paid once. Under one idempotency key it is created once. */
  createPackCheckout(
    request: PackCheckoutRequest,
    idempotencyKey: string,
  ): Promise<{ readonly id: string; readonly url: string }>;

  /**
   * The packs that a customer has bought for a tenant, with their refunds and disputes, in any
   * order. Checkouts that were not completed, and other products' payments, are not among them.
   */
  purchases(customerId: string, tenantId: string): Promise<readonly PackPurchase[]>;

  /**
   * The customer whose payment the object of an event belongs to, for events that name none
   * themselves (refunds, disputes); `null` where there is none.
   *
   * @param payload the event's body
   */
  customerOfEvent(payload: string): Promise<string | null>;
}
