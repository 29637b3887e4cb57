import type { AuditStore } from "../../application/ports/audit/audit_store.ts";
import type { AccountChange, AuditEntry } from "../../domain/subscription/account_change.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite_database.ts";
import { decodeChange, encodeJson, type Stored } from "./stored_json.ts";

/** The SQL of {@link SqliteAuditStore}. */
export const AUDIT_SQL = {
  append: `INSERT INTO audit_entries (tenant_id, revision, change)
    VALUES (:tenantId, :revision, :change) ON CONFLICT (tenant_id, revision) DO NOTHING`,
  list: `SELECT change FROM audit_entries
    WHERE tenant_id = :tenantId AND revision < :before ORDER BY revision DESC LIMIT :limit`,
} as const;

/** Keeps the audit trail in SQLite, one row per entry. */
export class SqliteAuditStore implements AuditStore {
  readonly #database: SqliteDatabase;
  readonly #append: SqliteStatement<never>;
  readonly #list: SqliteStatement<{ readonly change: string }>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#append = database.prepare(AUDIT_SQL.append);
    this.#list = database.prepare(AUDIT_SQL.list);
  }

  /** {@inheritDoc} */
  append({ tenantId, ...change }: AuditEntry): Promise<"appended" | "exists"> {
    return this.#database.write("append to the audit trail", () => {
      const { revision } = change;
      const row = { tenantId, revision, change: encodeJson(change) };
      return this.#append.write(row) === 1 ? "appended" : "exists";
    });
  }

  /** {@inheritDoc} */
  list(
    tenantId: string,
    { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
  ): Promise<readonly AuditEntry[]> {
    return this.#database.read("list the audit trail", () =>
      this.#list.all({ tenantId, before, limit }).map(({ change }) => ({
        tenantId,
        ...decodeChange(JSON.parse(change) as Stored<AccountChange>),
      })),
    );
  }
}
