import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { Invoice } from "../../domain/subscription/invoice.ts";
import {
  currentSubscription,
  duplicateSubscriptions,
  type Subscription,
} from "../../domain/subscription/subscription.ts";
import {
  type CustomerTruth,
  opensPaidPeriod,
  synchronizeAccount,
} from "../../domain/subscription/synchronize_account.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import { coalesce } from "../coalesce.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { SyncTokenPacks } from "../tokens/sync_token_packs.ts";
import type { EndDuplicates, EndDuplicatesCommand } from "./end_duplicates.ts";
import { updateAccount } from "./update_account.ts";

/**
 * Brings a tenant's account in line with the payment provider (P09, P15). Safe to run at any time,
 * any number of times, in any number of processes: the revision decides who may save, and whoever
 * loses looks again (P10). Every look is saved, even one that changed nothing: it invalidates
 * all slower looks that began before it.
 */
export class SyncSubscription {
  readonly #accounts: AccountStore;
  readonly #catalog: CatalogStore;
  readonly #payments: PaymentGateway;
  readonly #endDuplicates: EndDuplicates;
  readonly #syncTokenPacks: SyncTokenPacks;
  readonly #synchronize = coalesce((tenantId) => this.#lookAndSave(tenantId));

  constructor(dependencies: {
    accounts: AccountStore;
    catalog: CatalogStore;
    payments: PaymentGateway;
    endDuplicates: EndDuplicates;
    syncTokenPacks: SyncTokenPacks;
  }) {
    this.#accounts = dependencies.accounts;
    this.#catalog = dependencies.catalog;
    this.#payments = dependencies.payments;
    this.#endDuplicates = dependencies.endDuplicates;
    this.#syncTokenPacks = dependencies.syncTokenPacks;
  }

  /**
   * The account after a look at the payment provider that began after this call; unchanged where
   * the tenant has no customer there.
   *
   * @throws {PortError}
   */
  execute({ tenantId }: { tenantId: string }): Promise<BillingAccount> {
    return this.#synchronize(tenantId);
  }

  async #lookAndSave(tenantId: string): Promise<BillingAccount> {
    const catalog = await requireCatalog(this.#catalog);
    let doublePayment: EndDuplicatesCommand | undefined;
    const saved = await updateAccount(this.#accounts, tenantId, async (account) => {
      if (account.customerId === null) {
        return undefined;
      }
      const { truth, duplicates } = await this.#truth(account.customerId, tenantId);
      if (truth.deleted) {
        // Nobody can tell whose it was once this is saved: what it has bought comes before.
        await this.#syncTokenPacks.execute({ tenantId });
      }
      const kept = truth.subscription;
      doublePayment =
        kept !== undefined && duplicates.length > 0 ? { tenantId, kept, duplicates } : undefined;
      return synchronizeAccount(account, truth, catalog);
    });
    if (doublePayment !== undefined) {
      await this.#endDuplicates.execute(doublePayment);
    }
    return saved;
  }

  async #truth(
    customerId: string,
    tenantId: string,
  ): Promise<{ truth: CustomerTruth; duplicates: readonly Subscription[] }> {
    const subscriptions = await this.#payments.subscriptions(customerId);
    const subscription = currentSubscription(subscriptions ?? [], tenantId);
    const truth = {
      deleted: subscriptions === undefined,
      subscription,
      invoices: subscription ? await this.#recentInvoices(subscription.id) : [],
    };
    return { truth, duplicates: duplicateSubscriptions(subscriptions ?? [], tenantId) };
  }

  async #recentInvoices(subscriptionId: string): Promise<readonly Invoice[]> {
    const invoices: Invoice[] = [];
    for await (const invoice of this.#payments.invoices(subscriptionId)) {
      invoices.push(invoice);
      if (opensPaidPeriod(invoice)) {
        break;
      }
    }
    return invoices;
  }
}
