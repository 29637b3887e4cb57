import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { TenantPage } from "../ports/subscription/tenant_page.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";

/**
 * An account store that keeps its saves to itself: reads see them, the store beneath does not. What
 * works on it does exactly what it would do, and changes nothing.
 */
export class RehearsedAccounts implements AccountStore {
  readonly #accounts: AccountStore;
  readonly #saved = new Map<string, BillingAccount>();

  constructor(accounts: AccountStore) {
    this.#accounts = accounts;
  }

  /** {@inheritDoc} */
  async find(tenantId: string): Promise<BillingAccount | undefined> {
    return this.#saved.get(tenantId) ?? (await this.#accounts.find(tenantId));
  }

  /** {@inheritDoc} */
  async findByCustomer(customerId: string): Promise<BillingAccount | undefined> {
    const rehearsed = [...this.#saved.values()].find((saved) => saved.customerId === customerId);
    const stored = rehearsed ?? (await this.#accounts.findByCustomer(customerId));
    return stored === rehearsed || !this.#saved.has(stored?.tenantId ?? "") ? stored : undefined;
  }

  /** {@inheritDoc} The page is of the store beneath. */
  list(page: TenantPage): Promise<readonly BillingAccount[]> {
    return this.#accounts.list(page);
  }

  /** {@inheritDoc} */
  async save(account: BillingAccount): Promise<"saved" | "conflict" | "customer_taken"> {
    const { tenantId, customerId, revision } = account;
    const current = await this.find(tenantId);
    if ((current?.revision ?? 0) !== revision) {
      return "conflict";
    }
    const owner = customerId === null ? undefined : await this.findByCustomer(customerId);
    if (owner !== undefined && owner.tenantId !== tenantId) {
      return "customer_taken";
    }
    this.#saved.set(tenantId, { ...account, revision: revision + 1 });
    return "saved";
  }
}

/** A ledger that keeps what is appended to itself, like `RehearsedAccounts`. */
export class RehearsedLedger implements AppendableLedger {
  readonly #ledger: AppendableLedger;
  readonly #appended: LedgerEntry[] = [];

  constructor(ledger: AppendableLedger) {
    this.#ledger = ledger;
  }

  /** {@inheritDoc} */
  async last(tenantId: string): Promise<LedgerEntry | undefined> {
    const rehearsed = this.#appended.findLast((entry) => entry.tenantId === tenantId);
    return rehearsed ?? (await this.#ledger.last(tenantId));
  }

  /** {@inheritDoc} */
  async find(tenantId: string, key: string): Promise<LedgerEntry | undefined> {
    const isIt = (entry: LedgerEntry) => entry.tenantId === tenantId && entry.key === key;
    return this.#appended.find(isIt) ?? (await this.#ledger.find(tenantId, key));
  }

  /** {@inheritDoc} */
  async append(entry: LedgerEntry): Promise<"appended" | "seq_taken" | "key_taken"> {
    const { tenantId, key, seq } = entry;
    if ((await this.find(tenantId, key)) !== undefined) {
      return "key_taken";
    }
    if (seq !== ((await this.last(tenantId))?.seq ?? 0) + 1) {
      return "seq_taken";
    }
    this.#appended.push(entry);
    return "appended";
  }
}
