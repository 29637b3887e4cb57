import type { WireCustomer, WireLineItem, WirePaymentIntent } from "./wire.ts";

/** A test card as a page took it, kept while its holder is asked for 3-D Secure. */
export interface EnteredCard {
  number: string;
  expMonth: number;
  expYear: number;
  email: string | null;
  name: string | null;
}

/** Where somebody lives, as Stripe shows it. */
export type Place = NonNullable<WireCustomer["address"]>;

/** What somebody types into Checkout besides a card. */
export interface Buyer {
  email: string | null;
  name: string | null;
  address: Place | null;
  taxId: { type: string; value: string } | null;
}

/** What Checkout needs to know of a session beyond the object that Stripe shows. */
export interface CheckoutDetails {
  lineItems: WireLineItem[];
  subscriptionMetadata: Record<string, string>;
  subscriptionDescription: string | null;
  /** Days before the first payment; null where it is due now. */
  trialDays: number | null;
  /** When the trial ends, in Unix seconds, where it is not counted in days. */
  trialEnd: number | null;
  /** What later periods are counted from, in Unix seconds; null for now. */
  anchor: number | null;
  prorationBehavior: "create_prorations" | "none";
  /** What becomes of a trial that ends without a payment method. */
  trialEndBehavior: "cancel" | "create_invoice" | "pause";
  /** For the payment or setup intent of a session in `payment` or `setup` mode. */
  paymentMetadata: Record<string, string>;
  paymentDescription: string | null;
  paymentShipping: WirePaymentIntent["shipping"];
  /** Whether what a one-time payment is paid with is kept for later ones. */
  setupFutureUsage: "off_session" | "on_session" | null;
  /** What is redeemed: coupons and codes of the request, or a code that somebody typed. */
  discounts: { coupon?: string | undefined; promotion_code?: string | undefined }[];
  /** The invoice of a one-time payment; null for none. */
  invoice: {
    metadata: Record<string, string>;
    description: string | null;
    footer: string | null;
  } | null;
  /** What was typed beside the card so far. */
  buyer: Pick<Buyer, "address" | "taxId"> | null;
  /** What is saved on a customer that was there before. */
  customerUpdate: { address: boolean; name: boolean };
}
