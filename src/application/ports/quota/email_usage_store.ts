import type { DecideEmailMonths, EmailMonths } from "../../../domain/quota/email_months.ts";
import type { EmailUsage } from "../../../domain/quota/email_quota.ts";

/** What became of counting under a key. */
export type KeyedCount =
  /** Counted now. */
  | { readonly type: "counted"; readonly usage: EmailUsage }
  /** Counted before under this key, as often as asked for; nothing changed. */
  | { readonly type: "repeated"; readonly usage: EmailUsage }
  /** Counted before under this key, but another number; nothing changed. */
  | { readonly type: "key_conflict"; readonly count: number }
  /** Counted before and given back; the key is spent. */
  | { readonly type: "key_released" }
  /** Not counted: as for `consume`. */
  | { readonly type: "not_counted" };

/**
 * Counts the e-mails of each tenant: one record per tenant with the month in force, what is used
 * of it and the other months that are kept, changed only by conditional updates of that record. One
 * record, not one per month: so moving to the next month and counting can never see two months in
 * force, and each send is counted in exactly one of them, without a transaction.
 *
 * Sends under a key are kept beside the record until a day after their month. Counting and
 * remembering the key are one step to everybody: where an adapter has to write twice, the first
 * write changes the record and notes the key in it, the second one stores the key and takes the
 * note away, and whoever comes upon a note of a process that died finishes it. Which of two
 * notes for one key counts is decided by the key's own record; the other one is taken back.
 * So a crash at any moment neither loses a count nor counts twice, and in between there may be
 * counted too much for a moment, never too little.
 *
 * Every method throws `PortError`; after one, a call without a key may or may not have counted.
 */
export interface EmailUsageStore {
  /** The tenant's record, or `undefined` when nothing was ever decided for it. */
  find(tenantId: string): Promise<EmailUsage | undefined>;

  /** All months of the tenant that are kept, with what they were decided on. */
  findMonths(tenantId: string): Promise<EmailMonths | undefined>;

  /**
   * Adds `count` if the decision holds at `now` and the ceiling (110 %, P32) is not exceeded, all
   * or nothing. One atomic step and one call to the database, whose answer is the record
   * afterwards; `undefined` when nothing was counted, for whatever reason.
   */
  consume(tenantId: string, send: { count: number; now: Date }): Promise<EmailUsage | undefined>;

  /**
   * Like `consume`, once per key: however often and however parallel it is called with one key.
   * At most two calls to the database when it counts.
   */
  consumeOnce(
    tenantId: string,
    send: { key: string; count: number; now: Date },
  ): Promise<KeyedCount>;

  /**
   * Gives back what was counted without a key, in the month that begins at `periodStart`. Of a month
   * that is over, whoever has inherited from it has that much more; of one that is no longer kept,
   * nothing is given back. Not repeatable.
   */
  giveBack(tenantId: string, send: { count: number; periodStart: Date }): Promise<void>;

  /**
   * Gives back what was counted under a key, once, in the month that it was counted in, as
   * `giveBack` does; where that month is no longer kept, it only counts as released.
   *
   * - `released`: now.
   * - `already_released`: before; nothing changed.
   * - `unknown`: nothing was counted under this key, or it is forgotten.
   */
  release(
    tenantId: string,
    key: string,
    now: Date,
  ): Promise<"released" | "already_released" | "unknown">;

  /** Adds `count` without looking at limits: sends that took place while the store was down. */
  add(tenantId: string, count: number): Promise<void>;

  /**
   * Puts in force what `decide` makes of the stored months, in one step: what is counted meanwhile
   * is counted in exactly one month, and `decide` may be called again with what has changed. Answers
   * the record afterwards.
   */
  refresh(tenantId: string, decide: DecideEmailMonths): Promise<EmailUsage>;
}
