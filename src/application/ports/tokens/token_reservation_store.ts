/** A reservation that may still be open. */
export interface ReservationReminder {
  readonly tenantId: string;
  /** The caller's name for the reservation. */
  readonly key: string;
  readonly expiresAt: Date;
}

/**
 * Remembers which reservations have to be looked at when they expire, so that nobody has to search
 * the ledgers for them. The ledger alone says what is reserved: a reminder is kept before the
 * ledger's entry and dropped after the one that ends it, so a crash in between leaves a reminder
 * too many, never one too few. Every method throws `PortError`.
 */
export interface TokenReservationStore {
  /** Keeps a reminder; one of the same tenant and key is replaced. */
  keep(reminder: ReservationReminder): Promise<void>;

  /** Drops the reminder with that key, if there is one. */
  drop(tenantId: string, key: string): Promise<void>;

  /**
   * Reminders that expired at `now` or before, the longest expired first, at most `limit`; of one
   * tenant where it is given.
   */
  due(at: { now: Date; limit: number; tenantId?: string }): Promise<readonly ReservationReminder[]>;
}
