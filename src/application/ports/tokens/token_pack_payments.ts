import type { Paperwork } from "../../../domain/catalog/paperwork.ts";
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
  readonly paperwork: Paperwork;
  /** Whether the buyer gets an invoice. */
  readonly invoice: boolean;
}

/** An automatic top-up that was begun. */
export interface TopUpRequest {
  readonly tenantId: string;
  readonly customerId: string;
  /** The ledger entry that it follows; with `startedAt` it names the purchase. */
  readonly seq: number;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly packSlug: string;
  readonly tokens: number;
  readonly priceId: string;
  /** ISO 4217, lower case. */
  readonly currency: string;
  /** Whether tax is computed on it, which the customer's address decides. */
  readonly automaticTax: boolean;
  /** False: nothing may be charged any more; what was paid already is told. */
  readonly mayCharge: boolean;
}

/** How far an automatic top-up has come. */
export type TopUpOutcome =
  | { readonly type: "paid"; readonly invoiceId: string }
  /** The payment takes time, as bank debits do. */
  | { readonly type: "pending" }
  /** Nothing was paid, and nothing can be any more. */
  | { readonly type: "withdrawn" }
  /** The same, because the payment was refused; a code such as `card_declined`. */
  | { readonly type: "refused"; readonly reason: string };

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
   * Charges the customer's stored card for a pack by an invoice of its own, or goes on where an
   * earlier call was interrupted: once per purchase, however often and concurrently it is called.
   * What is answered as `withdrawn` or `refused` is never paid later.
   */
  topUp(request: TopUpRequest): Promise<TopUpOutcome>;

  /**
   * Lists the packs that a customer has bought for a tenant, with their refunds and disputes, in
   * any order. Leaves out incomplete Checkouts and payments of other products.
   *
   * @param topUps whether the tenant ever had automatic top-ups, which takes further calls
   */
  purchases(
    customerId: string,
    tenantId: string,
    topUps: boolean,
  ): Promise<readonly PackPurchase[]>;

  /**
   * Returns the customer behind an event that names none itself (refunds, disputes), through the
   * payment of the event's object; `null` if there is none.
   *
   * @param payload the event's body
   */
  customerOfEvent(payload: string): Promise<string | null>;
}
