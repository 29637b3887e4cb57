import type { Interval } from "../../../domain/catalog/catalog.ts";
import type { Money } from "../../../domain/catalog/money.ts";
import type { Paperwork } from "../../../domain/catalog/paperwork.ts";
import type { SupposedLine } from "../../../domain/checkout/supposed_snapshot.ts";
import type { Redaction } from "../../../domain/subscription/billing_account.ts";
import type { InvoiceReversal } from "../../../domain/subscription/payment_reversal.ts";
import type { BillingDetails } from "./billing_details.ts";

/** A Checkout to send the customer to. */
export interface CheckoutSession {
  readonly id: string;
  readonly url: string;
  /** The attempt it was created for (see `CheckoutIntent`); `null` if the session is not ours. */
  readonly attempt: number | null;
}

/** The parameters of `createCheckout`. */
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
  /** Trial days before the first payment; `null` if payment is due at once. */
  readonly trialDays: number | null;
  readonly paperwork: Paperwork;
}

/**
 * A task for the customer in the Customer Portal; without one, the Portal opens at its home page.
 */
export type PortalFlow =
  | { readonly type: "payment_method_update" }
  | { readonly type: "subscription_cancel"; readonly subscriptionId: string }
  /** Shows the cost of a plan change and asks the customer to confirm it. */
  | {
      readonly type: "subscription_update_confirm";
      readonly subscriptionId: string;
      readonly itemId: string;
      readonly priceId: string;
      readonly quantity: number;
    };

/** A new price for one item of a subscription, effective at once. */
export interface PriceChange {
  readonly customerId: string;
  readonly subscriptionId: string;
  readonly itemId: string;
  readonly priceId: string;
  readonly quantity: number;
  /** Whether it ends a trial. */
  readonly endsTrial: boolean;
  /** The discounts of the previewed invoice; all that the subscription has if it is absent. */
  readonly discountIds?: readonly string[];
}

/**
 * Which invoice to preview: the one that is due `now`, with prorations; the one at the end of the
 * running period (`at_renewal`), without; or what is `recurring`: a whole period without trial,
 * prorations and what else waits.
 */
export type PreviewPart = "now" | "at_renewal" | "recurring";

/** A new subscription, not bought yet. */
export interface Purchase {
  readonly customerId: string;
  readonly priceId: string;
  /** When the first payment is due; `null` if at once. */
  readonly trialEnd: Date | null;
  /** Whether tax is computed on it, which the customer's address decides. */
  readonly automaticTax: boolean;
}

/** A line of a previewed invoice. */
export interface PreviewLine extends SupposedLine {
  readonly description: string;
}

/** The cost of a purchase or change. Amounts are in minor units of `currency`. */
export interface PriceChangePreview {
  /** After credits, discounts, taxes and the customer's balance. */
  readonly dueNow: number;
  /** Before the customer's balance; negative if the balance would grow. */
  readonly total: number;
  /** The customer's balance before it; negative is a credit. */
  readonly startingBalance: number;
  /** All taxes, including those contained in prices. */
  readonly tax: number;
  /** The part of `tax` that prices contain. */
  readonly taxIncluded: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
  /** Charges and credits, before discounts and added taxes. */
  readonly lines: readonly PreviewLine[];
  /** The amount that discounts take off the lines. */
  readonly discount: number;
}

/** How to resume a paused subscription. */
export interface Resumption {
  readonly subscriptionId: string;
  /** Whether the current period goes on. Otherwise a new one begins and is charged. */
  readonly keepsPeriod: boolean;
}

/** The part of an invoice that the customer's balance paid, to be credited back. */
export interface BalanceCredit {
  readonly customerId: string;
  readonly invoiceId: string;
  /** Minor units, positive. */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
}

/** The parameters of `createPortalSession`. */
export interface PortalRequest {
  readonly customerId: string;
  readonly configurationId: string;
  /** The target of the link that leads back. */
  readonly returnUrl: string;
  /** The target after the task is done. Default: the Portal's home page. */
  readonly completedUrl?: string | undefined;
  readonly flow: PortalFlow | null;
}

/**
 * Acts at the payment provider for one customer at a time. Reads are fresh, never cached. A call
 * that creates something takes an idempotency key and creates it once per key. Every method throws
 * `PortError`, transient for rate limits, timeouts and server errors.
 */
export interface PaymentGateway {
  /**
   * Creates a customer with the tenant's id and nothing about the person who asks, because two
   * people asking at once must make the same call. Checkout asks the payer for an e-mail address.
   */
  createCustomer(
    customer: { tenantId: string },
    idempotencyKey: string,
  ): Promise<{ customerId: string }>;

  /**
   * Finds a customer created for the tenant that still exists, for example after a lost answer or a
   * restored backup. Returns `undefined` if there is none; may miss customers created within the
   * last minute.
   */
  findCustomer(tenantId: string): Promise<string | undefined>;

  /**
   * Returns the tenant for which a customer was created; `null` for deleted customers and those of
   * other products.
   */
  tenantOfCustomer(customerId: string): Promise<string | null>;

  /**
   * Reads whom a customer's next invoice will name, and what it will be charged to; `undefined` for
   * one that was deleted. One request, or two for a customer with more than ten subscriptions.
   */
  billingDetails(customerId: string): Promise<BillingDetails | undefined>;

  /** Creates a Checkout for a new subscription that carries the tenant's id. */
  createCheckout(request: CheckoutRequest, idempotencyKey: string): Promise<CheckoutSession>;

  /** Lists the customer's Checkouts for subscriptions that can still be paid; with packs, all. */
  openCheckouts(
    customerId: string,
    wanted?: { readonly packs: boolean },
  ): Promise<readonly CheckoutSession[]>;

  /** Closes a Checkout; does nothing if it is already closed or paid. */
  expireCheckout(sessionId: string): Promise<void>;

  /** Creates a session of the Customer Portal and returns its short-lived URL. */
  createPortalSession(request: PortalRequest): Promise<{ url: string }>;

  /** An invoice that a purchase or a change would lead to. Changes nothing. */
  previewChange(change: PriceChange | Purchase, part: PreviewPart): Promise<PriceChangePreview>;

  /**
   * Resumes a paused subscription and charges for it at once. Until its invoice is paid, the
   * subscription stays paused.
   */
  resumeSubscription(resumption: Resumption, idempotencyKey: string): Promise<void>;

  /**
   * Lists the refunds and disputes of a customer's invoice payments, in any order. Reads the
   * customer's charges, a hundred per call, and at most three lists for each charge that was
   * refunded or disputed.
   */
  reversedPayments(customerId: string): Promise<readonly InvoiceReversal[]>;

  /**
   * Reads what is left of a payment, by the id of its invoice, its Checkout or its own: less refunds,
   * what disputes have taken, and what credit notes have given back in other ways.
   */
  keptMoney(paymentId: string): Promise<Money>;

  /** Ends a subscription at once; does nothing if it has ended. */
  cancelSubscription(subscriptionId: string): Promise<void>;

  /** Ends a subscription when its paid period does; does nothing if it has ended. */
  cancelAtPeriodEnd(subscriptionId: string): Promise<void>;

  /** Removes a customer's personal data; its invoices stay. Safe to repeat. */
  redactCustomer(customerId: string, how: Redaction): Promise<void>;

  /**
   * Refunds a part of what was paid for an invoice, once per purpose: a refund that names it already
   * counts, unless it did not reach the payer. Fails for good where less than that is left.
   */
  refundPart(part: {
    readonly invoiceId: string;
    readonly amount: number;
    readonly purpose: string;
    /** Only finds out whether it could be refunded. */
    readonly dryRun?: boolean;
  }): Promise<void>;

  /**
   * Refunds whatever was paid for an invoice and not refunded before; returns that amount in minor
   * units. Safe to repeat, under the same key or another.
   */
  refundInvoice(invoiceId: string, idempotencyKey: string): Promise<{ refunded: number }>;

  /**
   * Credits a customer's balance with what it paid for an invoice: once per invoice, under any key.
   */
  creditBalance(credit: BalanceCredit, idempotencyKey: string): Promise<void>;
}
