import type {
  AttentionListing,
  AttentionStore,
} from "../../application/ports/attention/attention_store.ts";
import type {
  AttentionItem,
  AttentionRecord,
  AttentionState,
} from "../../domain/attention/attention_item.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";
import { decodeInstant, encodeInstant } from "./stored_json.ts";

const COLUMNS = `id, kind, tenant_id AS tenantId, subject, since, message, action, state,
  resolved_at AS resolvedAt, resolved_by AS resolvedBy, revision`;

const OF_NO_NEWER_LOOK = "id = :id AND revision <= :revision";

/** The SQL of {@link SqliteAttentionStore}. */
export const ATTENTION_SQL = {
  find: `SELECT ${COLUMNS} FROM attention_items WHERE id = :id`,
  known: `SELECT ${COLUMNS} FROM attention_items
    WHERE tenant_id IS :tenantId AND state IN ('open', 'resolved')`,
  open: `INSERT INTO attention_items
      (id, kind, tenant_id, subject, since, message, action, state, revision)
    VALUES (:id, :kind, :tenantId, :subject, :since, :message, :action, 'open', :revision)
    ON CONFLICT (id) DO UPDATE SET state = 'open', resolved_at = NULL, resolved_by = NULL,
      since = excluded.since, message = excluded.message, action = excluded.action,
      revision = excluded.revision
    WHERE state = 'gone' AND revision <= excluded.revision`,
  confirm: `UPDATE attention_items SET message = :message, action = :action, revision = :revision
    WHERE ${OF_NO_NEWER_LOOK} AND state IN ('open', 'resolved')`,
  clear: `UPDATE attention_items SET state = 'gone', revision = :revision,
      resolved_at = coalesce(resolved_at, :at)
    WHERE ${OF_NO_NEWER_LOOK} AND state IN ('open', 'resolved')`,
  resolve: `UPDATE attention_items SET state = 'resolved', resolved_at = :at,
      resolved_by = :operator
    WHERE id = :id AND state = 'open'`,
  list: listSql("state = 'open'"),
  listAll: listSql("1"),
  listOfTenant: listSql("tenant_id = :tenantId AND state = 'open'"),
  listAllOfTenant: listSql("tenant_id = :tenantId"),
  countOpen: "SELECT count(*) AS count FROM attention_items WHERE state = 'open'",
} as const;

function listSql(condition: string): string {
  return `SELECT ${COLUMNS} FROM attention_items
    WHERE ${condition} AND (since, id) < (:since, :id)
    ORDER BY since DESC, id DESC LIMIT :limit`;
}

/** Later than any date. */
const END_OF_TIME_MS = 8_640_000_000_000_001;

type AttentionRow = Omit<AttentionRecord, "since" | "resolvedAt"> & {
  readonly since: number;
  readonly state: AttentionState;
  readonly resolvedAt: number | null;
};

/** Keeps the attention items in SQLite, one row each. */
export class SqliteAttentionStore implements AttentionStore {
  readonly #database: SqliteDatabase;
  readonly #find: SqliteStatement<AttentionRow>;
  readonly #known: SqliteStatement<AttentionRow>;
  readonly #open: SqliteStatement<never>;
  readonly #confirm: SqliteStatement<never>;
  readonly #clear: SqliteStatement<never>;
  readonly #resolve: SqliteStatement<never>;
  readonly #list: SqliteStatement<AttentionRow>;
  readonly #listAll: SqliteStatement<AttentionRow>;
  readonly #listOfTenant: SqliteStatement<AttentionRow>;
  readonly #listAllOfTenant: SqliteStatement<AttentionRow>;
  readonly #countOpen: SqliteStatement<{ readonly count: number }>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#find = database.prepare(ATTENTION_SQL.find);
    this.#known = database.prepare(ATTENTION_SQL.known);
    this.#open = database.prepare(ATTENTION_SQL.open);
    this.#confirm = database.prepare(ATTENTION_SQL.confirm);
    this.#clear = database.prepare(ATTENTION_SQL.clear);
    this.#resolve = database.prepare(ATTENTION_SQL.resolve);
    this.#list = database.prepare(ATTENTION_SQL.list);
    this.#listAll = database.prepare(ATTENTION_SQL.listAll);
    this.#listOfTenant = database.prepare(ATTENTION_SQL.listOfTenant);
    this.#listAllOfTenant = database.prepare(ATTENTION_SQL.listAllOfTenant);
    this.#countOpen = database.prepare(ATTENTION_SQL.countOpen);
  }

  /** {@inheritDoc} */
  find(id: string): Promise<AttentionRecord | undefined> {
    return this.#database.read("read an attention item", () => {
      const row = this.#find.first({ id });
      return row && toRecord(row);
    });
  }

  /** {@inheritDoc} */
  known(tenantId: string | null): Promise<readonly AttentionRecord[]> {
    return this.#database.read("list the attention items of a tenant", () =>
      this.#known.all({ tenantId }).map(toRecord),
    );
  }

  /** {@inheritDoc} */
  raise(item: AttentionItem, { revision }: { revision: number }): Promise<"raised" | "known"> {
    return this.#database.write("raise an attention item", () => {
      const { id, message, action } = item;
      const opened = this.#open.write({ ...item, since: encodeInstant(item.since), revision });
      if (opened === 1) {
        return "raised";
      }
      this.#confirm.write({ id, message, action, revision });
      return "known";
    });
  }

  /** {@inheritDoc} */
  clear(id: string, { revision, at }: { revision: number; at: Date }): Promise<void> {
    return this.#database.write("clear an attention item", () => {
      this.#clear.write({ id, revision, at: encodeInstant(at) });
    });
  }

  /** {@inheritDoc} */
  resolve(id: string, { operator, at }: { operator: string; at: Date }): Promise<boolean> {
    return this.#database.write("resolve an attention item", () => {
      return this.#resolve.write({ id, operator, at: encodeInstant(at) }) === 1;
    });
  }

  /** {@inheritDoc} */
  list(listing: AttentionListing): Promise<readonly AttentionRecord[]> {
    return this.#database.read("list the attention items", () => {
      const { after } = listing;
      const since = after ? encodeInstant(after.since) : END_OF_TIME_MS;
      const page = { since, id: after?.id ?? "", limit: listing.limit };
      return this.#page(listing, page).map(toRecord);
    });
  }

  #page(
    { tenantId, all = false }: AttentionListing,
    page: SqliteParameters,
  ): readonly AttentionRow[] {
    if (tenantId === undefined) {
      return all ? this.#listAll.all(page) : this.#list.all(page);
    }
    const ofTenant = { ...page, tenantId };
    return all ? this.#listAllOfTenant.all(ofTenant) : this.#listOfTenant.all(ofTenant);
  }

  /** {@inheritDoc} */
  countOpen(): Promise<number> {
    return this.#database.read(
      "count the attention items",
      () => this.#countOpen.first({})?.count ?? 0,
    );
  }
}

function toRecord({ since, resolvedAt, ...row }: AttentionRow): AttentionRecord {
  return { ...row, since: new Date(since), resolvedAt: decodeInstant(resolvedAt) };
}
