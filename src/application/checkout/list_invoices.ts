import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { InvoiceHistory, InvoicePage } from "../ports/subscription/invoice_history.ts";

/** A page of invoices, or the reason for none. */
export type ListInvoicesOutcome =
  | ({ readonly type: "listed" } & InvoicePage)
  /** `after` is not an invoice of this tenant. */
  | { readonly type: "unknown_cursor" };

/** Lists a tenant's invoices, fresh from the payment provider. */
export class ListInvoices {
  readonly #accounts: AccountStore;
  readonly #invoices: InvoiceHistory;

  constructor(ports: { accounts: AccountStore; invoices: InvoiceHistory }) {
    this.#accounts = ports.accounts;
    this.#invoices = ports.invoices;
  }

  /**
   * Returns a page of invoices, newest first; an empty one if the tenant has no customer.
   *
   * @throws {PortError}
   */
  async execute({
    tenantId,
    ...page
  }: {
    tenantId: string;
    after?: string | undefined;
    limit: number;
  }): Promise<ListInvoicesOutcome> {
    const customerId = (await this.#accounts.find(tenantId))?.customerId ?? null;
    if (customerId === null) {
      return { type: "listed", invoices: [], nextAfter: null };
    }
    const found = await this.#invoices.list(customerId, page);
    return found === undefined ? { type: "unknown_cursor" } : { type: "listed", ...found };
  }
}
