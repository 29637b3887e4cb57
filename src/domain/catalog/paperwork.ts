/** How a price relates to its tax: it is added to `exclusive` ones, and part of `inclusive` ones. */
export const TAX_BEHAVIORS = ["exclusive", "inclusive"] as const;

/** One of {@link TAX_BEHAVIORS}. */
export type TaxBehavior = (typeof TAX_BEHAVIORS)[number];

/** What Checkout asks and gives for the buyer's books (P43). */
export interface Paperwork {
  /** Stripe Tax computes the tax by the buyer's address, which Checkout then asks for. */
  readonly automaticTax: boolean;
  /** Businesses can give their tax id; Checkout then asks for their name and address, too. */
  readonly taxIds: boolean;
  /** Buyers can enter promotion codes. */
  readonly promotionCodes: boolean;
}

/** Where a plan or pack differs from the service's settings; what is left out is as they say. */
export type OwnPaperwork = { readonly [field in keyof Paperwork]?: Paperwork[field] | undefined };

/** The fields of {@link OwnPaperwork}. */
export const PAPERWORK_FIELDS: readonly (keyof Paperwork)[] = [
  "automaticTax",
  "taxIds",
  "promotionCodes",
];

/** What the service's settings say of plans and packs that say nothing themselves. */
export interface PaperworkSettings {
  readonly stripeAutomaticTax: boolean;
  readonly stripeTaxIds: boolean;
  readonly promotionCodes: boolean;
  /** Whether token packs get an invoice, as plans always do. */
  readonly packInvoices: boolean;
}

/** Returns what holds for a plan or pack. */
export function paperworkOf(own: OwnPaperwork, settings: PaperworkSettings): Paperwork {
  return {
    automaticTax: own.automaticTax ?? settings.stripeAutomaticTax,
    taxIds: own.taxIds ?? settings.stripeTaxIds,
    promotionCodes: own.promotionCodes ?? settings.promotionCodes,
  };
}

/**
 * Returns how the price of a plan or pack relates to the tax that its buyers pay; `null` if no tax
 * is computed, or if nobody has said whether the price contains it.
 */
export function taxOf(
  { taxBehavior }: { readonly taxBehavior?: TaxBehavior | undefined },
  { automaticTax }: Pick<Paperwork, "automaticTax">,
): TaxBehavior | null {
  return automaticTax ? (taxBehavior ?? null) : null;
}
