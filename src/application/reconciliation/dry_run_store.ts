import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { AppendAnswer, AppendableLedger } from "../ports/tokens/token_ledger_store.ts";

/**
 * An account store that keeps its saves in memory: reads see them, but the underlying store does
 * not. Use cases behave as in a real run, and nothing changes.
 */
export class DryRunAccounts implements AccountStore {
  readonly #accounts: AccountStore;
  readonly #saved = new Map<string, BillingAccount>();

  constructor(accounts: AccountStore) {
    this.#accounts = accounts;
  }

  /** {@inheritDoc} */
  async find(tenantId: string): Promise<BillingAccount | undefined> {
    const stored = await this.#accounts.find(tenantId);
    return this.#saved.get(tenantId) ?? stored;
  }

  /** {@inheritDoc} */
  async findByCustomer(customerId: string): Promise<BillingAccount | undefined> {
    return this.#owner(customerId, await this.#accounts.findByCustomer(customerId));
  }

  /** {@inheritDoc} */
  async save(account: BillingAccount): Promise<"saved" | "conflict" | "customer_taken"> {
    const { tenantId, customerId, revision } = account;
    const stored = await this.#accounts.find(tenantId);
    const storedOwner =
      customerId === null ? undefined : await this.#accounts.findByCustomer(customerId);
    // Nothing is awaited from here on, so that checking and saving are one step.
    const current = this.#saved.get(tenantId) ?? stored;
    if ((current?.revision ?? 0) !== revision) {
      return "conflict";
    }
    const owner = customerId === null ? undefined : this.#owner(customerId, storedOwner);
    if (owner !== undefined && owner.tenantId !== tenantId) {
      return "customer_taken";
    }
    this.#saved.set(tenantId, { ...account, revision: revision + 1 });
    return "saved";
  }

  /** Finds the owner of a customer; saves made here take precedence over what is stored. */
  #owner(customerId: string, stored: BillingAccount | undefined): BillingAccount | undefined {
    const saved = [...this.#saved.values()].find((account) => account.customerId === customerId);
    return saved ?? (this.#saved.has(stored?.tenantId ?? "") ? undefined : stored);
  }
}

/** A ledger that keeps appended entries in memory, like `DryRunAccounts`. */
export class DryRunLedger implements AppendableLedger {
  readonly #ledger: AppendableLedger;
  readonly #appended: LedgerEntry[] = [];

  constructor(ledger: AppendableLedger) {
    this.#ledger = ledger;
  }

  /** {@inheritDoc} */
  async last(tenantId: string): Promise<LedgerEntry | undefined> {
    return this.#last(tenantId, await this.#ledger.last(tenantId));
  }

  /** {@inheritDoc} */
  async find(tenantId: string, key: string): Promise<LedgerEntry | undefined> {
    const stored = await this.#ledger.find(tenantId, key);
    return this.#find(tenantId, key) ?? stored;
  }

  /** {@inheritDoc} */
  async append(entry: LedgerEntry): Promise<AppendAnswer> {
    const { tenantId, key, seq } = entry;
    const stored = await this.#ledger.find(tenantId, key);
    const storedLast = await this.#ledger.last(tenantId);
    // Nothing is awaited from here on, so that checking and appending are one step.
    if (stored !== undefined || this.#find(tenantId, key) !== undefined) {
      return "key_taken";
    }
    if (seq <= (this.#last(tenantId, storedLast)?.seq ?? 0)) {
      return "seq_taken";
    }
    this.#appended.push(entry);
    return "appended";
  }

  #find(tenantId: string, key: string): LedgerEntry | undefined {
    return this.#appended.find((entry) => entry.tenantId === tenantId && entry.key === key);
  }

  #last(tenantId: string, stored: LedgerEntry | undefined): LedgerEntry | undefined {
    return this.#appended.findLast((entry) => entry.tenantId === tenantId) ?? stored;
  }
}
