import type {
  ReminderChange,
  ReservationReminder,
  TokenReservationStore,
} from "../../application/ports/tokens/token_reservation_store.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";
import { encodeInstant } from "./stored_json.ts";

const SELECT = "SELECT tenant_id AS tenantId, key, expires_at AS expiresAt, seq";

/** The SQL of {@link SqliteTokenReservationStore}. */
export const RESERVATION_SQL = {
  keep: `INSERT INTO reservation_reminders (tenant_id, key, expires_at, seq)
    VALUES (:tenantId, :key, :expiresAt, :seq)
    ON CONFLICT (tenant_id, key) DO UPDATE SET expires_at = excluded.expires_at, seq = excluded.seq
      WHERE coalesce(excluded.seq, 0) >= coalesce(seq, 0)`,
  drop: "DELETE FROM reservation_reminders WHERE tenant_id = :tenantId AND key = :key",
  dropFailed: `DELETE FROM reservation_reminders
    WHERE tenant_id = :tenantId AND key = :key AND coalesce(seq, 0) <= :seq`,
  postpone: `UPDATE reservation_reminders SET expires_at = :until, seq = 0
    WHERE tenant_id = :tenantId AND key = :key AND expires_at = :expiresAt AND seq IS :seq`,
  nextTenant: `SELECT tenant_id AS tenantId
    FROM reservation_reminders INDEXED BY reservation_reminders_by_tenant
    WHERE tenant_id > :after AND expires_at <= :now ORDER BY tenant_id LIMIT 1`,
  due: `${SELECT} FROM reservation_reminders INDEXED BY reservation_reminders_by_tenant
    WHERE tenant_id = :tenantId AND expires_at <= :now ORDER BY expires_at LIMIT :limit`,
} as const;

type ReminderRow = Omit<ReservationReminder, "expiresAt"> & { readonly expiresAt: number };

/** Keeps reminders of reservations in SQLite, one row each. */
export class SqliteTokenReservationStore implements TokenReservationStore {
  readonly #database: SqliteDatabase;
  readonly #keep: SqliteStatement<never>;
  readonly #drop: SqliteStatement<never>;
  readonly #dropFailed: SqliteStatement<never>;
  readonly #postpone: SqliteStatement<never>;
  readonly #due: SqliteStatement<ReminderRow>;
  readonly #nextTenant: SqliteStatement<{ readonly tenantId: string }>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#keep = database.prepare(RESERVATION_SQL.keep);
    this.#drop = database.prepare(RESERVATION_SQL.drop);
    this.#dropFailed = database.prepare(RESERVATION_SQL.dropFailed);
    this.#postpone = database.prepare(RESERVATION_SQL.postpone);
    this.#due = database.prepare(RESERVATION_SQL.due);
    this.#nextTenant = database.prepare(RESERVATION_SQL.nextTenant);
  }

  /** {@inheritDoc} */
  keep(reminder: ReservationReminder): Promise<void> {
    return this.#database.write("keep a reservation's reminder", () => {
      this.#keep.write(toParameters(reminder));
    });
  }

  /**
   * Changes a reminder together with the entry written in the same transaction. Call it only within
   * `atomically`.
   */
  follow(change: ReminderChange): void {
    if (change.type === "keep") {
      this.#keep.write(toParameters(change.reminder));
    } else {
      this.#drop.write({ tenantId: change.tenantId, key: change.key });
    }
  }

  /** {@inheritDoc} */
  drop(tenantId: string, key: string): Promise<void> {
    return this.#database.write("drop a reservation's reminder", () => {
      this.#drop.write({ tenantId, key });
    });
  }

  /** {@inheritDoc} */
  dropFailed(tenantId: string, key: string, seq: number): Promise<void> {
    return this.#database.write("drop a reservation's reminder", () => {
      this.#dropFailed.write({ tenantId, key, seq });
    });
  }

  /** {@inheritDoc} */
  postpone(reminder: ReservationReminder, until: Date): Promise<void> {
    return this.#database.write("put a reservation's reminder off", () => {
      this.#postpone.write({ ...toParameters(reminder), until: encodeInstant(until) });
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
    tenantId: string;
  }): Promise<readonly ReservationReminder[]> {
    return this.#database.read("list the reservations that expired", () => {
      const rows = this.#due.all({ now: encodeInstant(now), limit, tenantId });
      return rows.map((row) => ({ ...row, expiresAt: new Date(row.expiresAt) }));
    });
  }

  /** {@inheritDoc} */
  dueTenants({
    now,
    limit,
    after = "",
  }: {
    now: Date;
    limit: number;
    after?: string;
  }): Promise<readonly string[]> {
    return this.#database.read("list the tenants whose reservations expired", () => {
      const tenants: string[] = [];
      while (tenants.length < limit) {
        const from = { after: tenants.at(-1) ?? after, now: encodeInstant(now) };
        const next = this.#nextTenant.first(from);
        if (next === undefined) {
          break;
        }
        tenants.push(next.tenantId);
      }
      return tenants;
    });
  }
}

function toParameters({ tenantId, key, expiresAt, seq }: ReservationReminder): SqliteParameters {
  return { tenantId, key, expiresAt: encodeInstant(expiresAt), seq };
}
