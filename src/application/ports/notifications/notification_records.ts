/** The kinds of small records: targets, tenants' settings, and how far each tenant was told. */
export type NotificationRecordKind = "targets" | "alerts" | "told";

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
