/** A reservation that may still be open. */
export interface ReservationReminder {
  readonly tenantId: string;
  /** The caller's name for the reservation. */
  readonly key: string;
  /** When to look at it. */
  readonly expiresAt: Date;
  /**
   * The number that its ledger entry was to have: where another entry has that number, the attempt
   * has failed. 0 for a reminder that was looked at, `null` for one of version 0.1.0.
   */
  readonly seq: number | null;
}

/**
 * Remembers which reservations have to be looked at when they expire, so that nobody has to search
 * the ledgers for them. The ledger alone says what is reserved: a reminder is kept before the
 * ledger's entry and dropped after the one that ends it, so a crash in between leaves a reminder
 * too many, never one too few. Every method is one atomic step, and throws `PortError`.
 */
export interface TokenReservationStore {
  /** Keeps a reminder; one of the same tenant and key is replaced, unless its `seq` is later. */
  keep(reminder: ReservationReminder): Promise<void>;

  /** Drops the reminder with that key, if there is one. */
  drop(tenantId: string, key: string): Promise<void>;

  /**
   * Drops the reminder with that key after an attempt at an entry up to `seq` has failed, unless its
   * `seq` is later: another attempt may be on its way.
   */
  dropFailed(tenantId: string, key: string, seq: number): Promise<void>;

  /** Puts a look off, and makes `seq` 0, unless the reminder has changed since it was read. */
  postpone(reminder: ReservationReminder, until: Date): Promise<void>;

  /**
   * Reminders of a tenant that expired at `now` or before, the longest expired first, at most
   * `limit`.
   */
  due(at: { now: Date; limit: number; tenantId: string }): Promise<readonly ReservationReminder[]>;

  /** Tenants that have such reminders, in ascending order, those after `after`, at most `limit`. */
  dueTenants(at: { now: Date; limit: number; after?: string }): Promise<readonly string[]>;
}
