import type { Period } from "./billing_period.ts";

/** A position on an invoice of a subscription. */
export interface InvoiceLine {
  /** `null` where the position is not a price of a product. */
  readonly productId: string | null;
  /** Minor units before discounts; negative for a credit. */
  readonly amount: number;
  /** Whether it settles a change within a period rather than a whole period. */
  readonly proration: boolean;
  /** What the position pays for. */
  readonly period: Period;
}

/** An invoice of a subscription as the payment provider reports it right now. */
export interface Invoice {
  readonly id: string;
  readonly status: "draft" | "open" | "paid" | "uncollectible" | "void";
  /** Stripe's `billing_reason`. */
  readonly billingReason: string;
  /** Minor units after discounts and taxes, before the customer's balance. */
  readonly total: number;
  readonly finalizedAt: Date | null;
  readonly lines: readonly InvoiceLine[];
}

/**
 * The positions of an invoice that charge for a whole period. Only invoices of a first payment
 * or a renewal have them (P24), and those of a change of interval, whose new period begins at
 * once; prorations never open a period.
 */
export function periodLines(invoice: Invoice): InvoiceLine[] {
  switch (invoice.billingReason) {
    case "subscription_create":
    case "subscription_cycle":
      return invoice.lines.filter((line) => !line.proration);
    case "subscription_update":
      return invoice.lines.filter((line) => !line.proration && line.amount > 0);
    default:
      return [];
  }
}
