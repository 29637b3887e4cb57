/** The kinds of small records: how far each tenant was told, tenants' settings, and targets. */
export const NOTIFICATION_RECORD_KINDS = ["told", "alerts", "targets"] as const;

/** A kind of small record. */
export type NotificationRecordKind = (typeof NOTIFICATION_RECORD_KINDS)[number];

/** A small record. */
export interface NotificationRecord {
  readonly id: string;
  /** Increases by one with every save; 0 if it was never saved. */
  readonly version: number;
  /** JSON. */
  readonly content: string;
}

/** Keeps small records of notifications. Every method throws `PortError`. */
export interface NotificationRecords {
  /** Finds a record. */
  find(kind: NotificationRecordKind, id: string): Promise<NotificationRecord | undefined>;

  /**
   * Stores the content if the stored version is still that of the record. Atomic.
   *
   * @returns false if another save came first
   */
  save(kind: NotificationRecordKind, record: NotificationRecord): Promise<boolean>;
}
