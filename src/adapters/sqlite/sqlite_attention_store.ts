import type {
  AttentionListing,
  AttentionStore,
} from "../../application/ports/attention/attention_store.ts";
import {
  type AttentionItem,
  type AttentionRecord,
  type AttentionState,
  type AttentionTurn,
  KEPT_TURNS,
} from "../../domain/attention/attention_item.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";
import { decodeInstant, encodeInstant } from "./stored_json.ts";

const COLUMNS = `id, kind, tenant_id AS tenantId, subject, since, message, action, state,
  resolved_at AS resolvedAt, resolved_by AS resolvedBy, revision, turns, untold`;

/** The untold turns with one more, at `:at`. */
function oneMore(type: AttentionTurn["type"]): string {
  const kept = `iif(json_array_length(attention_items.untold) < ${KEPT_TURNS},
    attention_items.untold, json_remove(attention_items.untold, '$[0]'))`;
  return `json_insert(${kept}, '$[#]', ${turn(type)})`;
}

function turn(type: AttentionTurn["type"]): string {
  return `json_object('type', '${type}', 'at', :at)`;
}

const OF_NO_NEWER_LOOK = "id = :id AND revision <= :revision";

/** The SQL of {@link SqliteAttentionStore}. */
export const ATTENTION_SQL = {
  find: `SELECT ${COLUMNS} FROM attention_items WHERE id = :id`,
  known: `SELECT ${COLUMNS} FROM attention_items
    WHERE tenant_id IS :tenantId AND state IN ('open', 'resolved')`,
  knownOf: `SELECT ${COLUMNS} FROM attention_items
    WHERE state IN ('open', 'resolved') AND kind IN (SELECT value FROM json_each(:kinds))`,
  untold: `SELECT ${COLUMNS} FROM attention_items
    WHERE tenant_id IS :tenantId AND untold <> '[]'`,
  told: "UPDATE attention_items SET untold = '[]' WHERE id = :id AND turns = :turns",
  open: `INSERT INTO attention_items
      (id, kind, tenant_id, subject, since, message, action, state, revision, turns, untold)
    VALUES (:id, :kind, :tenantId, :subject, :since, :message, :action, 'open', :revision, 1,
      json_array(${turn("raised")}))
    ON CONFLICT (id) DO UPDATE SET state = 'open', resolved_at = NULL, resolved_by = NULL,
      since = excluded.since, message = excluded.message, action = excluded.action,
      revision = excluded.revision, turns = turns + 1, untold = ${oneMore("raised")}
    WHERE state = 'gone' AND revision <= excluded.revision`,
  confirm: `UPDATE attention_items SET message = :message, action = :action, revision = :revision
    WHERE ${OF_NO_NEWER_LOOK} AND state IN ('open', 'resolved')`,
  clear: `UPDATE attention_items SET state = 'gone', revision = :revision,
      resolved_at = coalesce(resolved_at, :at), turns = turns + (state = 'open'),
      untold = iif(state = 'open', ${oneMore("resolved")}, untold)
    WHERE ${OF_NO_NEWER_LOOK} AND state IN ('open', 'resolved')`,
  resolve: `UPDATE attention_items SET state = 'resolved', resolved_at = :at,
      resolved_by = :operator, turns = turns + 1, untold = ${oneMore("resolved")}
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

type AttentionRow = Omit<AttentionRecord, "since" | "resolvedAt" | "untold"> & {
  readonly since: number;
  readonly untold: string;
  readonly state: AttentionState;
  readonly resolvedAt: number | null;
};

/** Keeps the attention items in SQLite, one row each. */
export class SqliteAttentionStore implements AttentionStore {
  readonly #database: SqliteDatabase;
  readonly #find: SqliteStatement<AttentionRow>;
  readonly #known: SqliteStatement<AttentionRow>;
  readonly #knownOf: SqliteStatement<AttentionRow>;
  readonly #untold: SqliteStatement<AttentionRow>;
  readonly #told: SqliteStatement<never>;
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
    this.#knownOf = database.prepare(ATTENTION_SQL.knownOf);
    this.#untold = database.prepare(ATTENTION_SQL.untold);
    this.#told = database.prepare(ATTENTION_SQL.told);
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
  knownOf(kinds: readonly string[]): Promise<readonly AttentionRecord[]> {
    return this.#database.read("list the attention items of some kinds", () =>
      this.#knownOf.all({ kinds: JSON.stringify(kinds) }).map(toRecord),
    );
  }

  /** {@inheritDoc} */
  untold(tenantId: string | null): Promise<readonly AttentionRecord[]> {
    return this.#database.read("list what nobody was told of attention items", () =>
      this.#untold.all({ tenantId }).map(toRecord),
    );
  }

  /** {@inheritDoc} */
  told({ id, turns }: Pick<AttentionRecord, "id" | "turns">): Promise<void> {
    return this.#database.write("note what was told of an attention item", () => {
      this.#told.write({ id, turns });
    });
  }

  /** {@inheritDoc} */
  raise(
    item: AttentionItem,
    { revision, at }: { revision: number; at: Date },
  ): Promise<"raised" | "known"> {
    return this.#database.write("raise an attention item", () => {
      const { id, message, action } = item;
      const times = { since: encodeInstant(item.since), at: encodeInstant(at) };
      const opened = this.#open.write({ ...item, ...times, revision });
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

/** Encodes untold turns as a column. */
export function encodeTurns(turns: readonly AttentionTurn[]): string {
  return JSON.stringify(turns.map(({ type, at }) => ({ type, at: encodeInstant(at) })));
}

function toRecord({ since, resolvedAt, untold, ...row }: AttentionRow): AttentionRecord {
  const turns: readonly { type: AttentionTurn["type"]; at: number }[] = JSON.parse(untold);
  return {
    ...row,
    since: new Date(since),
    resolvedAt: decodeInstant(resolvedAt),
    untold: turns.map(({ type, at }) => ({ type, at: new Date(at) })),
  };
}
