import type {
  AccountRecord,
  BillingAccount,
} from "../../../domain/subscription/billing_account.ts";
import { PortError } from "../port_error.ts";

/**
 * Keeps one billing account per tenant. A read sees every save that resolved before it. Every
 * method throws `PortError`; if `save` throws it, the save may or may not have happened, so read
 * the account again.
 */
export interface AccountStore {
  /** Returns the tenant's account; `undefined` if none was ever saved. */
  find(tenantId: string): Promise<BillingAccount | undefined>;

  /** Finds the account with this customer at the payment provider. */
  findByCustomer(customerId: string): Promise<BillingAccount | undefined>;

  /**
   * Saves the account under the next revision if it is still at `account.revision` (0: not stored
   * yet). Atomic: of several saves from one revision, exactly one succeeds.
   *
   * - `saved`: stored, at `revision + 1`.
   * - `conflict`: another save came first; nothing changed.
   * - `customer_taken`: another tenant has this customer (P16); nothing changed.
   */
  save(account: BillingAccount): Promise<"saved" | "conflict" | "customer_taken">;
}

/** A page of a list that ascends by the code units of the tenants' ids. */
export interface TenantPage {
  /** Only tenants after this one. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** An account that is stored and cannot be read: somebody has changed it by hand. */
export interface UnreadableAccount {
  readonly tenantId: string;
  readonly fault: string;
}

/** An account in a list, which an unreadable one does not end. */
export type ListedAccount = AccountRecord | UnreadableAccount;

/** Whether an account in a list can be read. */
export function isReadable(account: ListedAccount): account is AccountRecord {
  return !("fault" in account);
}

/** What is told of an account that cannot be read. */
export function unreadableAccount({ tenantId, fault }: UnreadableAccount): PortError {
  return new PortError(`Cannot read the account of "${tenantId}": ${fault}`, { transient: false });
}

/**
 * Keeps the accounts together with the change that led to each, saved in the same step. Every
 * method throws `PortError`.
 */
export interface AccountRecordStore extends AccountStore {
  /**
   * @param known what the caller has read or saved last. While the account is at its revision, it may
   *   be returned itself, because what a revision contains never changes: no account is deleted, or
   *   restored where there is one. SQLite makes use of it; MongoDB reads the account all the same.
   */
  find(tenantId: string, known?: AccountRecord): Promise<AccountRecord | undefined>;

  findByCustomer(customerId: string): Promise<AccountRecord | undefined>;

  save(account: AccountRecord): Promise<"saved" | "conflict" | "customer_taken">;

  /**
   * Lists the accounts of all tenants by ascending id, for background work and operators only.
   * Reading page by page returns every account that exists throughout exactly once. An unreadable
   * one hides no other.
   */
  list(page: TenantPage): Promise<readonly ListedAccount[]>;
}
