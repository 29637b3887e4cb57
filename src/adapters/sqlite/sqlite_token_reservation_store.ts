import type {
  ReservationReminder,
  TokenReservationStore,
} from "../../application/ports/tokens/token_reservation_store.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite_database.ts";
import { encodeInstant } from "./stored_json.ts";

const SELECT = "SELECT tenant_id AS tenantId, key, expires_at AS expiresAt";

/** The SQL of {@link SqliteTokenReservationStore}. */
export const RESERVATION_SQL = {
  keep: `INSERT INTO reservation_reminders (tenant_id, key, expires_at)
    VALUES (:tenantId, :key, :expiresAt)
    ON CONFLICT (tenant_id, key) DO UPDATE SET expires_at = excluded.expires_at`,
  drop: "DELETE FROM reservation_reminders WHERE tenant_id = :tenantId AND key = :key",
  due: `${SELECT} FROM reservation_reminders INDEXED BY reservation_reminders_by_expires_at
    WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit`,
  dueOfTenant: `${SELECT} FROM reservation_reminders INDEXED BY reservation_reminders_by_tenant
    WHERE tenant_id = :tenantId AND expires_at <= :now ORDER BY expires_at LIMIT :limit`,
} as const;

type ReminderRow = Omit<ReservationReminder, "expiresAt"> & { readonly expiresAt: number };

/** Keeps reminders of reservations in SQLite, one row each. */
export class SqliteTokenReservationStore implements TokenReservationStore {
  readonly #database: SqliteDatabase;
  readonly #keep: SqliteStatement<never>;
  readonly #drop: SqliteStatement<never>;
  readonly #due: SqliteStatement<ReminderRow>;
  readonly #dueOfTenant: SqliteStatement<ReminderRow>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#keep = database.prepare(RESERVATION_SQL.keep);
    this.#drop = database.prepare(RESERVATION_SQL.drop);
    this.#due = database.prepare(RESERVATION_SQL.due);
    this.#dueOfTenant = database.prepare(RESERVATION_SQL.dueOfTenant);
  }

  /** {@inheritDoc} */
  keep({ tenantId, key, expiresAt }: ReservationReminder): Promise<void> {
    return this.#database.attempt("keep a reservation's reminder", () => {
      this.#keep.write({ tenantId, key, expiresAt: encodeInstant(expiresAt) });
    });
  }

  /** {@inheritDoc} */
  drop(tenantId: string, key: string): Promise<void> {
    return this.#database.attempt("drop a reservation's reminder", () => {
      this.#drop.write({ tenantId, key });
    });
  }

  /** {@inheritDoc} */
  due({
    now,
    limit,
    tenantId,
  }: {
    now: Date;
    limit: number;
    tenantId?: string;
  }): Promise<readonly ReservationReminder[]> {
    return this.#database.attempt("list the reservations that expired", () => {
      const at = { now: encodeInstant(now), limit };
      const rows =
        tenantId === undefined ? this.#due.all(at) : this.#dueOfTenant.all({ ...at, tenantId });
      return rows.map((row) => ({ ...row, expiresAt: new Date(row.expiresAt) }));
    });
  }
}
