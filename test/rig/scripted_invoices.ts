import type {
  InvoiceHistory,
  InvoicePage,
  InvoiceSummary,
} from "../../src/application/ports/subscription/invoice_history.ts";

/** Invoices that a test writes, by customer, newest first. */
export class ScriptedInvoices implements InvoiceHistory {
  readonly of = new Map<string, readonly InvoiceSummary[]>();
  /** Thrown by every call, while set. */
  failure: unknown = null;

  /** {@inheritDoc} */
  async list(
    customerId: string,
    { after, limit }: { after?: string | undefined; limit: number },
  ): Promise<InvoicePage | undefined> {
    if (this.failure !== null) {
      throw this.failure;
    }
    const all = this.of.get(customerId) ?? [];
    const before = after === undefined ? -1 : all.findIndex(({ id }) => id === after);
    if (after !== undefined && before === -1) {
      return undefined;
    }
    const invoices = all.slice(before + 1, before + 1 + limit);
    const isLast = before + 1 + limit >= all.length;
    return { invoices, nextAfter: isLast ? null : (invoices.at(-1)?.id ?? null) };
  }
}
