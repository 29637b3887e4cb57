import type { TenantPage } from "../../application/ports/subscription/account_store.ts";
import type { TopUpStore } from "../../application/ports/tokens/top_up_store.ts";
import type { TopUp } from "../../domain/tokens/top_up.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite_database.ts";
import { decodeInstant, encodeInstant } from "./stored_json.ts";

type TopUpRow = {
  readonly tenantId: string;
  readonly version: number;
  readonly dueAt: number | null;
  readonly content: string;
};

const COLUMNS = "tenant_id AS tenantId, version, due_at AS dueAt, content";

/** The SQL of {@link SqliteTopUpStore}. */
export const TOP_UP_SQL = {
  find: `SELECT ${COLUMNS} FROM top_ups WHERE tenant_id = :tenantId`,
  insert: `INSERT INTO top_ups (tenant_id, version, due_at, content)
    VALUES (:tenantId, 1, :dueAt, :content) ON CONFLICT (tenant_id) DO NOTHING`,
  update: `UPDATE top_ups SET version = version + 1, due_at = :dueAt, content = :content
    WHERE tenant_id = :tenantId AND version = :version`,
  due: `SELECT ${COLUMNS} FROM top_ups WHERE due_at <= :now ORDER BY due_at, tenant_id
    LIMIT :limit`,
  list: `SELECT ${COLUMNS} FROM top_ups WHERE tenant_id > :after ORDER BY tenant_id LIMIT :limit`,
} as const;

/** Keeps automatic top-ups in SQLite, one row per tenant. */
export class SqliteTopUpStore implements TopUpStore {
  readonly #database: SqliteDatabase;
  readonly #find: SqliteStatement<TopUpRow>;
  readonly #insert: SqliteStatement<never>;
  readonly #update: SqliteStatement<never>;
  readonly #due: SqliteStatement<TopUpRow>;
  readonly #list: SqliteStatement<TopUpRow>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#find = database.prepare(TOP_UP_SQL.find);
    this.#insert = database.prepare(TOP_UP_SQL.insert);
    this.#update = database.prepare(TOP_UP_SQL.update);
    this.#due = database.prepare(TOP_UP_SQL.due);
    this.#list = database.prepare(TOP_UP_SQL.list);
  }

  /** {@inheritDoc} */
  find(tenantId: string): Promise<TopUp | undefined> {
    return this.#database.read("read a top-up", () => {
      const row = this.#find.first({ tenantId });
      return row && decode(row);
    });
  }

  /** {@inheritDoc} */
  save({ tenantId, version, dueAt, ...content }: TopUp): Promise<boolean> {
    return this.#database.write("save a top-up", () => {
      const fields = {
        tenantId,
        dueAt: dueAt && encodeInstant(dueAt),
        content: JSON.stringify(content),
      };
      const written =
        version === 0 ? this.#insert.write(fields) : this.#update.write({ ...fields, version });
      return written === 1;
    });
  }

  /** {@inheritDoc} */
  due({ now, limit }: { now: Date; limit: number }): Promise<readonly TopUp[]> {
    return this.#database.read("list top-ups that are due", () =>
      this.#due.all({ now: encodeInstant(now), limit }).map(decode),
    );
  }

  /** {@inheritDoc} */
  list({ after = "", limit }: TenantPage): Promise<readonly TopUp[]> {
    return this.#database.read("list the top-ups", () =>
      this.#list.all({ after, limit }).map(decode),
    );
  }
}

function decode({ tenantId, version, dueAt, content }: TopUpRow): TopUp {
  return { ...JSON.parse(content), tenantId, version, dueAt: decodeInstant(dueAt) };
}
