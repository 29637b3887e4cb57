/** A reservation that may still be open. */
export interface ReservationReminder {
  readonly tenantId: string;
  /** The caller's name for the reservation. */
  readonly key: string;
  /** When to check it. */
  readonly expiresAt: Date;
  /**
   * The intended number of its ledger entry: if another entry has that number, the attempt has
   * failed. 0 for a reminder that was checked, `null` for one of version 0.1.0.
   */
  readonly seq: number | null;
}

/** What becomes of a reservation's reminder with an entry of the ledger. */
export type ReminderChange =
  /** The entry makes the reservation. */
  | { readonly type: "keep"; readonly reminder: ReservationReminder }
  /** The entry ends it. */
  | { readonly type: "drop"; readonly tenantId: string; readonly key: string };

/**
 * Keeps a reminder for every reservation to check when it expires, which saves searching the
 * ledgers. Only the ledger says what is reserved: a reminder is kept before the ledger's entry and
 * dropped after the entry that ends it, or both in one step with it: so a crash in between leaves a
 * superfluous reminder but never a missing one. Every method is atomic and throws `PortError`.
 */
export interface TokenReservationStore {
  /** Keeps a reminder; replaces one with the same tenant and key unless its `seq` is later. */
  keep(reminder: ReservationReminder): Promise<void>;

  /** Drops the reminder with that key, if any. */
  drop(tenantId: string, key: string): Promise<void>;

  /**
   * Drops the reminder with that key after an attempt at an entry up to `seq` has failed, unless
   * the reminder's `seq` is later: another attempt may be under way.
   */
  dropFailed(tenantId: string, key: string, seq: number): Promise<void>;

  /** Postpones the check and sets `seq` to 0, unless the reminder has changed since it was read. */
  postpone(reminder: ReservationReminder, until: Date): Promise<void>;

  /**
   * Lists a tenant's reminders that expired at `now` or before, the longest expired first, at most
   * `limit`.
   */
  due(at: { now: Date; limit: number; tenantId: string }): Promise<readonly ReservationReminder[]>;

  /**
   * Lists tenants that have such reminders, in ascending order, those after `after`, at most
   * `limit`.
   */
  dueTenants(at: { now: Date; limit: number; after?: string }): Promise<readonly string[]>;
}
