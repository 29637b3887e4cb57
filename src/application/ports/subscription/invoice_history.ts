import type { SnapshotInvoice } from "../../../domain/subscription/customer_snapshot.ts";

/** An invoice as its payer sees it. */
export interface InvoiceSummary {
  readonly id: string;
  /** As it is printed on the invoice. */
  readonly number: string | null;
  /** When it was finalised. */
  readonly date: Date;
  /** Minor units of `currency`, after discounts and taxes; negative for a credit. */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
  readonly status: Exclude<SnapshotInvoice["status"], "draft">;
  /** The page that shows it, and takes the payment while it is open. */
  readonly hostedUrl: string | null;
  readonly pdfUrl: string | null;
}

/** A part of a customer's invoices. */
export interface InvoicePage {
  /** Newest first. */
  readonly invoices: readonly InvoiceSummary[];
  /** Where the next page begins: after the invoice with this id; `null` after the last page. */
  readonly nextAfter: string | null;
}

/** The invoices of customers at the payment provider. */
export interface InvoiceHistory {
  /**
   * Invoices of one customer, newest first, at most `limit` (1 to 100), none of others. Drafts are
   * left out, so that a page may be shorter. Answers `undefined` where `after` is no invoice of
   * that customer. Read fresh at the payment provider: one request.
   *
   * @throws {PortError}
   */
  list(
    customerId: string,
    page: { after?: string | undefined; limit: number },
  ): Promise<InvoicePage | undefined>;
}
