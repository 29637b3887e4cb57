import type { Stripe } from "stripe";
import type { Paperwork } from "../../../domain/catalog/paperwork.ts";

/**
 * The parameters of a Checkout Session that follow. What the buyer enters is kept for the next
 * invoice: Stripe demands that where the customer exists already.
 * Source: Stripe API, "Create a Checkout Session".
 */
export function paperworkParams({
  automaticTax,
  taxIds,
  promotionCodes,
}: Paperwork): Partial<Stripe.Checkout.SessionCreateParams> {
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
