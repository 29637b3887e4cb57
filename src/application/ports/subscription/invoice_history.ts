import type { SnapshotInvoice } from "../../../domain/subscription/customer_snapshot.ts";
import type { PostalAddress } from "./billing_details.ts";

/** Whom an invoice names as its payer, as far as they have said it. */
export interface InvoiceRecipient {
  readonly name: string | null;
  readonly email: string | null;
  readonly address: PostalAddress | null;
  /** Such as VAT ids. */
  readonly taxIds: readonly string[];
}

/** An invoice as its payer sees it. */
export interface InvoiceSummary {
  readonly id: string;
  /** The number printed on the invoice. */
  readonly number: string | null;
  /** When it was finalised. */
  readonly date: Date;
  /** Minor units of `currency`, after discounts and taxes; negative for a credit. */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
  readonly status: Exclude<SnapshotInvoice["status"], "draft">;
  /** Whether a payment of it is on its way, as bank debits are for days: it is not to be paid again. */
  readonly processing: boolean;
  /** The page that shows the invoice and, while it is open, takes the payment. */
  readonly hostedUrl: string | null;
  readonly pdfUrl: string | null;
  readonly billedTo: InvoiceRecipient;
}

/** A page of a customer's invoices. */
export interface InvoicePage {
  /** Newest first. */
  readonly invoices: readonly InvoiceSummary[];
  /** The id of the invoice after which the next page begins; `null` on the last page. */
  readonly nextAfter: string | null;
}

/** Lists customers' invoices at the payment provider. */
export interface InvoiceHistory {
  /**
   * Lists the invoices of one customer, newest first, at most `limit` (1 to 100). Leaves out
   * drafts, which may shorten a page. Returns `undefined` if `after` is not an invoice of that
   * customer. One fresh request to the payment provider, and one for each invoice that is open.
   *
   * @throws {PortError}
   */
  list(
    customerId: string,
    page: { after?: string | undefined; limit: number },
  ): Promise<InvoicePage | undefined>;
}
