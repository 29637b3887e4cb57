import type {
  AccountRecord,
  BillingAccount,
} from "../../../domain/subscription/billing_account.ts";

/**
 * Keeps one billing account per tenant. Reads see every save that was answered before them.
 * Every method throws `PortError`; after one thrown by `save` the save may or may not have
 * happened, and the account has to be read again.
 */
export interface AccountStore {
  /** The tenant's account, or `undefined` when none was ever saved. */
  find(tenantId: string): Promise<BillingAccount | undefined>;

  /** The account that has this customer at the payment provider, or `undefined`. */
  findByCustomer(customerId: string): Promise<BillingAccount | undefined>;

  /**
   * Saves the account if it is still at `account.revision` (0: not stored yet), and then stores it
   * with the next revision. One atomic step: of many saves from one revision exactly one is made.
   *
   * - `saved`: it is stored, with `revision + 1`.
   * - `conflict`: another save came first; nothing changed.
   * - `customer_taken`: another tenant has this customer (P16); nothing changed.
   */
  save(account: BillingAccount): Promise<"saved" | "conflict" | "customer_taken">;
}

/** A part of a list that ascends by the code units of tenants' ids. */
export interface TenantPage {
  /** Only tenants that come after this one. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * The accounts as a database keeps them: each with the change that led to it, which is saved in the
 * same step. Every method throws `PortError`.
 */
export interface AccountRecordStore extends AccountStore {
  find(tenantId: string): Promise<AccountRecord | undefined>;

  findByCustomer(customerId: string): Promise<AccountRecord | undefined>;

  save(account: AccountRecord): Promise<"saved" | "conflict" | "customer_taken">;

  /**
   * Accounts of all tenants, in ascending order of their ids; for background work and operators
   * only. A list read page by page has every account once that was there all the time.
   */
  list(page: TenantPage): Promise<readonly AccountRecord[]>;
}
