import type { DecideEmailMonths, EmailMonths } from "../../../domain/quota/email_months.ts";
import type { EmailQuota, EmailUsage } from "../../../domain/quota/email_quota.ts";
import type { OrPromise } from "../or_promise.ts";
import type { TenantPage } from "../subscription/account_store.ts";

/** The outcome of counting under a key. */
export type KeyedCount =
  /** Counted now. */
  | { readonly type: "counted"; readonly usage: EmailUsage }
  /** Already counted under this key with the same number; nothing changed. */
  | { readonly type: "repeated"; readonly usage: EmailUsage }
  /** Already counted under this key with another number; nothing changed. */
  | { readonly type: "key_conflict"; readonly count: number }
  /** Already counted and given back; the key is spent. */
  | { readonly type: "key_released" }
  /** Not counted, for the reasons of `consume`. */
  | { readonly type: "not_counted" };

/** A quota and its use, where a process counts from what it holds. */
export type HeldQuota = EmailQuota & Pick<EmailUsage, "used">;

/**
 * Counts the e-mails of each tenant. Each tenant has one record: the month in force, its use, and
 * the other months still kept. Only conditional updates change it. Because it is one record and not
 * one per month, moving to the next month can never leave two months in force: without a
 * transaction, each send is counted in exactly one.
 *
 * Sends under a key are kept beside the record until a day after their month. To everybody,
 * counting and remembering the key are one step. An adapter that has to write twice first changes
 * the record and leaves a note of the key in it, then stores the key and removes the note. Whoever
 * finds the note of a dead process completes it. If two notes have the same key, the key's own
 * record decides which one counts; the other is taken back. A crash at any moment therefore neither
 * loses a count nor counts twice. In between, the record may briefly count too much, but never too
 * little.
 *
 * Every method throws `PortError`; after it, a call without a key may or may not have counted.
 * Counting answers without a promise where the store did not have to wait.
 */
export interface EmailUsageStore {
  /** Returns the tenant's record; `undefined` if nothing was ever decided for it. */
  find(tenantId: string): Promise<EmailUsage | undefined>;

  /** Returns all kept months of the tenant and the basis of their decision. */
  findMonths(tenantId: string): Promise<EmailMonths | undefined>;

  /**
   * Adds `count` if the decision is valid at `now` and the ceiling (110 %, P32) is kept, all or
   * nothing. Atomic, in one call to the database, which returns the record afterwards; `undefined`
   * if nothing was counted, for any reason.
   */
  consume(tenantId: string, send: { count: number; now: Date }): OrPromise<EmailUsage | undefined>;

  /**
   * Like `consume`, but at once, from what this process holds of the tenant's quota; `undefined` if
   * it holds too little, which says nothing about the quota. Left out by stores that hold nothing.
   */
  consumeHeld?(tenantId: string, send: { count: number; now: Date }): HeldQuota | undefined;

  /**
   * Like `consume`, but once per key, however often and concurrently it is called. Counting takes
   * at most two calls to the database.
   */
  consumeOnce(
    tenantId: string,
    send: { key: string; count: number; now: Date },
  ): OrPromise<KeyedCount>;

  /**
   * Gives back e-mails counted without a key in the month that begins at `periodStart`. If that
   * month is over, the month that inherited from it has that much more; if it is no longer kept,
   * nothing is given back. Not safe to repeat.
   */
  giveBack(tenantId: string, send: { count: number; periodStart: Date }): Promise<void>;

  /**
   * Gives back e-mails counted under a key, once, in the month in which they were counted, as
   * `giveBack` does. If that month is no longer kept, only the key is marked as released.
   *
   * - `released`: now.
   * - `already_released`: earlier; nothing changed.
   * - `unknown`: nothing was counted under this key, or it is forgotten.
   */
  release(
    tenantId: string,
    key: string,
    now: Date,
  ): Promise<"released" | "already_released" | "unknown">;

  /**
   * Notes that a send was refused in the month that begins at `periodStart`, if that one is in
   * force and none was noted in it.
   */
  noteRefusal(tenantId: string, refusal: { periodStart: Date; at: Date }): Promise<void>;

  /** Lists tenants with a record, in ascending order. */
  tenants(page: TenantPage): Promise<readonly string[]>;

  /** Adds `count` regardless of limits, for e-mails sent while the store was down. */
  add(tenantId: string, count: number): Promise<void>;

  /**
   * Replaces the stored months by the result of `decide`, in one step: concurrent sends are counted
   * in exactly one month. Calls `decide` again if the months changed meanwhile. Returns the record
   * afterwards. Writes nothing if `decide` returns what it was given.
   *
   * @param now also takes back what is over of leases by then, before deciding; see
   *   `EmailLeaseStore.reclaim`
   */
  refresh(tenantId: string, decide: DecideEmailMonths, now?: Date): Promise<EmailUsage>;
}
