import type { Stripe } from "stripe";

/** What Checkout asks and gives for the buyer's books, for plans and packs alike (P43). */
export interface CheckoutPaperwork {
  /** Stripe Tax computes the tax by the buyer's address, which Checkout then asks for. */
  readonly automaticTax: boolean;
  /** Businesses can give their tax id; Checkout then asks for their name and address, too. */
  readonly taxIds: boolean;
  /** Buyers can enter promotion codes. */
  readonly promotionCodes: boolean;
  /** A token pack gets an invoice, as plans always do. */
  readonly packInvoices: boolean;
}

/** As long as nothing else is said. */
export const DEFAULT_PAPERWORK: CheckoutPaperwork = {
  automaticTax: false,
  taxIds: false,
  promotionCodes: false,
  packInvoices: true,
};

/**
 * The parameters of a Checkout Session that follow. What the buyer enters is kept for the next
 * invoice: Stripe demands that where the customer exists already.
 * Source: Stripe API, "Create a Checkout Session".
 */
export function paperworkParams({
  automaticTax,
  taxIds,
  promotionCodes,
}: CheckoutPaperwork): Partial<Stripe.Checkout.SessionCreateParams> {
  const asksAddress = automaticTax || taxIds;
  return {
    automatic_tax: { enabled: automaticTax },
    ...(promotionCodes && { allow_promotion_codes: true }),
    ...(taxIds && { tax_id_collection: { enabled: true } }),
    ...(asksAddress && {
      billing_address_collection: "required",
      customer_update: { address: "auto", ...(taxIds && { name: "auto" }) },
    }),
  };
}
