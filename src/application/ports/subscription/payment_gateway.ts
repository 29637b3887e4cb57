import type { Interval } from "../../../domain/catalog/catalog.ts";
import type { SupposedLine } from "../../../domain/checkout/supposed_snapshot.ts";
import type { InvoiceReversal } from "../../../domain/subscription/payment_reversal.ts";

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
  /** Days before the first payment; `null` where it is due at once. */
  readonly trialDays: number | null;
}

/** What a customer is meant to do in the Customer Portal; without one it opens at its home. */
export type PortalFlow =
  | { readonly type: "payment_method_update" }
  | { readonly type: "subscription_cancel"; readonly subscriptionId: string }
  /** Shows what a change of plan costs and asks to confirm it. */
  | {
      readonly type: "subscription_update_confirm";
      readonly subscriptionId: string;
      readonly itemId: string;
      readonly priceId: string;
      readonly quantity: number;
    };

/** A change of the price of one item of a subscription, effective at once. */
export interface PriceChange {
  readonly customerId: string;
  readonly subscriptionId: string;
  readonly itemId: string;
  readonly priceId: string;
  readonly quantity: number;
  /** Whether it ends a trial. */
  readonly endsTrial: boolean;
}

/** A new subscription that is not bought yet. */
export interface Purchase {
  readonly customerId: string;
  readonly priceId: string;
  /** When the first payment is due; `null` where that is at once. */
  readonly trialEnd: Date | null;
}

/** A position of such an invoice. */
export interface PreviewLine extends SupposedLine {
  readonly description: string;
}

/** What a purchase or a change would cost. Amounts are in minor units of `currency`. */
export interface PriceChangePreview {
  /** After credits, discounts, taxes and the customer's balance. */
  readonly dueNow: number;
  /** Before the customer's balance; negative where that would grow. */
  readonly total: number;
  /** The customer's balance before it; negative is a credit. */
  readonly startingBalance: number;
  /** Taxes, those that prices include among them. */
  readonly tax: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
  /** Charges and credits, before discounts and taxes that come on top. */
  readonly lines: readonly PreviewLine[];
  /** What discounts take off the lines. */
  readonly discount: number;
}

/** How a paused subscription goes on. */
export interface Resumption {
  readonly subscriptionId: string;
  /** Whether the period that was running goes on; otherwise a new one begins, and is charged. */
  readonly keepsPeriod: boolean;
}

/** What a customer's balance has paid for an invoice and gets back. */
export interface BalanceCredit {
  readonly customerId: string;
  readonly invoiceId: string;
  /** Minor units, positive. */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
}

/** What `createPortalSession` needs. */
export interface PortalRequest {
  readonly customerId: string;
  readonly configurationId: string;
  /** Where its link back leads. */
  readonly returnUrl: string;
  /** Where it leads when the flow is done; without it, to its home. */
  readonly completedUrl?: string | undefined;
  readonly flow: PortalFlow | null;
}

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

  /**
   * A customer that was created for the tenant and still exists, as a lost answer or a restored
   * backup may leave it. Customers of the last minute may be missing; `undefined` when none is found.
   */
  findCustomer(tenantId: string): Promise<string | undefined>;

  /** The tenant a customer was created for, `null` for other products' and deleted customers. */
  tenantOfCustomer(customerId: string): Promise<string | null>;

  /** Creates a Checkout for a new subscription that carries the tenant's id. */
  createCheckout(request: CheckoutRequest, idempotencyKey: string): Promise<CheckoutSession>;

  /** The customer's subscription Checkouts that can still be paid. */
  openCheckouts(customerId: string): Promise<readonly CheckoutSession[]>;

  /** Closes a Checkout; one that is already closed or paid is left as it is. */
  expireCheckout(sessionId: string): Promise<void>;

  /** Opens the Customer Portal. The URL is short-lived. */
  createPortalSession(request: PortalRequest): Promise<{ url: string }>;

  /**
   * What a purchase or a change would cost if it were made now, with prorations; or what recurs
   * after it: a whole period, without trial and prorations. Changes nothing.
   */
  previewChange(
    change: PriceChange | Purchase,
    part: "due_now" | "recurring",
  ): Promise<PriceChangePreview>;

  /**
   * Resumes a paused subscription. What that costs is charged at once; until it is paid the
   * subscription stays paused, with an open invoice.
   */
  resumeSubscription(resumption: Resumption, idempotencyKey: string): Promise<void>;

  /**
   * The refunds and disputes of what a customer paid by invoice, in any order. Reads the customer's
   * charges, a hundred a call, and for each that was refunded or disputed at most three lists.
   */
  reversedPayments(customerId: string): Promise<readonly InvoiceReversal[]>;

  /** Ends a subscription at once; one that has ended is left as it is. */
  cancelSubscription(subscriptionId: string): Promise<void>;

  /**
   * Gives back all that was paid for an invoice and not given back before; the answer is how much
   * it is now, in minor units. Safe to repeat under the same key and under another one.
   */
  refundInvoice(invoiceId: string, idempotencyKey: string): Promise<{ refunded: number }>;

  /**
   * Puts back onto a customer's balance what it has paid for an invoice; once per invoice, under
   * whatever key.
   */
  creditBalance(credit: BalanceCredit, idempotencyKey: string): Promise<void>;
}
