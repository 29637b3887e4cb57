import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { InvoiceHistory, InvoicePage } from "../ports/subscription/invoice_history.ts";

/** A page of invoices, or why there is none. */
export type ListInvoicesOutcome =
  | ({ readonly type: "listed" } & InvoicePage)
  /** `after` names no invoice of this tenant. */
  | { readonly type: "unknown_cursor" };

/** Lists what a tenant was charged, as the payment provider has it now. */
export class ListInvoices {
  readonly #accounts: AccountStore;
  readonly #invoices: InvoiceHistory;

  constructor(ports: { accounts: AccountStore; invoices: InvoiceHistory }) {
    this.#accounts = ports.accounts;
    this.#invoices = ports.invoices;
  }

  /**
   * Newest first; none where the tenant has no customer at the payment provider.
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
