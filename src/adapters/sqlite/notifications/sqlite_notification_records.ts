import type {
  NotificationRecord,
  NotificationRecordKind,
  NotificationRecords,
} from "../../../application/ports/notifications/notification_records.ts";
import type { SqliteDatabase, SqliteStatement } from "../sqlite_database.ts";

const COLUMNS = "id, version, content";

/** The SQL of {@link SqliteNotificationRecords}. */
export const NOTIFICATION_SQL = {
  find: `SELECT ${COLUMNS} FROM notification_records WHERE kind = :kind AND id = :id`,
  insert: `INSERT INTO notification_records (kind, id, version, content)
    VALUES (:kind, :id, 1, :content) ON CONFLICT (kind, id) DO NOTHING`,
  update: `UPDATE notification_records SET version = version + 1, content = :content
    WHERE kind = :kind AND id = :id AND version = :version`,
} as const;

/** Keeps the small records of notifications in SQLite, one row each. */
export class SqliteNotificationRecords implements NotificationRecords {
  readonly #database: SqliteDatabase;
  readonly #find: SqliteStatement<NotificationRecord>;
  readonly #insert: SqliteStatement<never>;
  readonly #update: SqliteStatement<never>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#find = database.prepare(NOTIFICATION_SQL.find);
    this.#insert = database.prepare(NOTIFICATION_SQL.insert);
    this.#update = database.prepare(NOTIFICATION_SQL.update);
  }

  /** {@inheritDoc} */
  find(kind: NotificationRecordKind, id: string): Promise<NotificationRecord | undefined> {
    return this.#database.read("read a notification record", () => {
      const row = this.#find.first({ kind, id });
      return row && { ...row };
    });
  }

  /** {@inheritDoc} */
  save(
    kind: NotificationRecordKind,
    { id, version, content }: NotificationRecord,
  ): Promise<boolean> {
    return this.#database.write("save a notification record", () => {
      const written =
        version === 0
          ? this.#insert.write({ kind, id, content })
          : this.#update.write({ kind, id, content, version });
      return written === 1;
    });
  }
}
