/** What small records are kept for: who is told, what tenants want to hear, how far each was told. */
export type NotificationRecordKind = "targets" | "alerts" | "told";

/** A small record. */
export interface NotificationRecord {
  readonly id: string;
  /** Grows by one with every save; 0 for one that was never saved. */
  readonly version: number;
  /** JSON. */
  readonly content: string;
}

/** Keeps small records of notifications. Every method throws `PortError`. */
export interface NotificationRecords {
  /** The record, or `undefined`. */
  find(kind: NotificationRecordKind, id: string): Promise<NotificationRecord | undefined>;

  /**
   * Stores the content, if the stored version is still the record's. One atomic step.
   *
   * @returns false when another save came first
   */
  save(kind: NotificationRecordKind, record: NotificationRecord): Promise<boolean>;
}
