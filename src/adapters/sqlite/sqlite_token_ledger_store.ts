import type { TokenLedgerStore } from "../../application/ports/token_ledger_store.ts";
import type { LedgerEntry } from "../../domain/token_ledger.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";
import { violatedIndex } from "./sqlite_failure.ts";
import { decodeGrant, decodeJson, encodeInstant, encodeJson } from "./stored_json.ts";

const SELECT = `SELECT tenant_id AS tenantId, seq, key, kind, amount, expired, monthly, packs, debt,
  month_grant AS monthGrant, at, previous_hash AS previousHash, hash FROM ledger_entries`;

/** The SQL of {@link SqliteTokenLedgerStore}. */
export const LEDGER_SQL = {
  last: `${SELECT} WHERE tenant_id = :tenantId ORDER BY seq DESC LIMIT 1`,
  list: `${SELECT} WHERE tenant_id = :tenantId AND seq < :before ORDER BY seq DESC LIMIT :limit`,
  hasKey: "SELECT 1 FROM ledger_entries WHERE tenant_id = :tenantId AND key = :key",
  insert: `INSERT INTO ledger_entries (tenant_id, seq, key, kind, amount, expired, monthly, packs,
      debt, month_grant, at, previous_hash, hash)
    VALUES (:tenantId, :seq, :key, :kind, :amount, :expired, :monthly, :packs, :debt, :monthGrant,
      :at, :previousHash, :hash)`,
} as const;

const SEQ_INDEX = "ledger_entries.tenant_id, ledger_entries.seq";
const KEY_INDEX = "ledger_entries.tenant_id, ledger_entries.key";

type LedgerRow = Omit<LedgerEntry, "grant" | "at"> & {
  readonly monthGrant: string | null;
  readonly at: number;
};

/** Keeps the token ledgers in SQLite, one row per entry. */
export class SqliteTokenLedgerStore implements TokenLedgerStore {
  readonly #database: SqliteDatabase;
  readonly #last: SqliteStatement<LedgerRow>;
  readonly #list: SqliteStatement<LedgerRow>;
  readonly #hasKey: SqliteStatement<unknown>;
  readonly #insert: SqliteStatement<never>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#last = database.prepare(LEDGER_SQL.last);
    this.#list = database.prepare(LEDGER_SQL.list);
    this.#hasKey = database.prepare(LEDGER_SQL.hasKey);
    this.#insert = database.prepare(LEDGER_SQL.insert);
  }

  /** {@inheritDoc} */
  last(tenantId: string): Promise<LedgerEntry | undefined> {
    return this.#database.attempt("read the last ledger entry", () => {
      const row = this.#last.first({ tenantId });
      return row && toEntry(row);
    });
  }

  /** {@inheritDoc} */
  append(entry: LedgerEntry): Promise<"appended" | "seq_taken" | "key_taken"> {
    return this.#database.attempt("append to the ledger", () => {
      const { tenantId, key } = entry;
      try {
        this.#insert.write(toParameters(entry));
        return "appended";
      } catch (error) {
        switch (violatedIndex(error)) {
          case KEY_INDEX:
            return "key_taken";
          case SEQ_INDEX: // where both indexes are violated, SQLite names either
            return this.#hasKey.first({ tenantId, key }) ? "key_taken" : "seq_taken";
          default:
            throw error;
        }
      }
    });
  }

  /** {@inheritDoc} */
  list(
    tenantId: string,
    { before = Number.POSITIVE_INFINITY, limit }: { before?: number; limit: number },
  ): Promise<readonly LedgerEntry[]> {
    return this.#database.attempt("list ledger entries", () =>
      this.#list.all({ tenantId, before, limit }).map(toEntry),
    );
  }
}

function toParameters({ grant, at, ...entry }: LedgerEntry): SqliteParameters {
  return { ...entry, monthGrant: encodeJson(grant), at: encodeInstant(at) };
}

function toEntry({ monthGrant, at, ...row }: LedgerRow): LedgerEntry {
  return { ...row, grant: decodeJson(monthGrant, decodeGrant), at: new Date(at) };
}
