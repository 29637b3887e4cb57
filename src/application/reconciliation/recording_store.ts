import type { FieldChange } from "../../domain/catalog/field_change.ts";
import { type BillingAccount, newAccount } from "../../domain/subscription/billing_account.ts";
import { changedFields } from "../../domain/subscription/changed_fields.ts";
import type { HeadMove } from "../../domain/tokens/ledger_head.ts";
import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { AppendAnswer, AppendableLedger } from "../ports/tokens/token_ledger_store.ts";

/** An account store that records the changes made through it. */
export class RecordingAccounts implements AccountStore {
  /** The changes of each save, in order. */
  readonly changes: FieldChange[] = [];
  readonly #accounts: AccountStore;
  readonly #seen = new Map<string, BillingAccount>();

  constructor(accounts: AccountStore) {
    this.#accounts = accounts;
  }

  /** {@inheritDoc} */
  async find(tenantId: string): Promise<BillingAccount | undefined> {
    const found = await this.#accounts.find(tenantId);
    this.#seen.set(tenantId, found ?? newAccount(tenantId));
    return found;
  }

  /** {@inheritDoc} */
  findByCustomer(customerId: string): Promise<BillingAccount | undefined> {
    return this.#accounts.findByCustomer(customerId);
  }

  /** {@inheritDoc} */
  async save(account: BillingAccount): Promise<"saved" | "conflict" | "customer_taken"> {
    const before = this.#seen.get(account.tenantId);
    const outcome = await this.#accounts.save(account);
    if (outcome === "saved" && before?.revision === account.revision) {
      this.changes.push(...changedFields(before, account));
    }
    return outcome;
  }
}

/** A ledger that records the entries appended through it. */
export class RecordingLedger implements AppendableLedger {
  readonly appended: LedgerEntry[] = [];
  readonly #ledger: AppendableLedger;

  constructor(ledger: AppendableLedger) {
    this.#ledger = ledger;
  }

  /** {@inheritDoc} */
  last(tenantId: string): Promise<LedgerEntry | undefined> {
    return this.#ledger.last(tenantId);
  }

  /** {@inheritDoc} */
  find(tenantId: string, key: string): Promise<LedgerEntry | undefined> {
    return this.#ledger.find(tenantId, key);
  }

  /** {@inheritDoc} */
  async append(entry: LedgerEntry, move?: HeadMove): Promise<AppendAnswer> {
    const outcome = await this.#ledger.append(entry, move);
    if (outcome === "appended" || outcome === "head_left") {
      this.appended.push(entry);
    }
    return outcome;
  }
}
