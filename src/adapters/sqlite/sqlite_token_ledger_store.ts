import type { TokenLedgerStore } from "../../application/ports/tokens/token_ledger_store.ts";
import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";
import { violatedIndex } from "./sqlite_failure.ts";
import {
  decodeGrant,
  decodeHold,
  decodeJson,
  decodeMonths,
  encodeInstant,
  encodeJson,
} from "./stored_json.ts";

const SELECT = `SELECT tenant_id AS tenantId, seq, key, kind, amount, expired, monthly, packs, debt,
  reserved, month_grant AS monthGrant, months, hold, reason, source, halted, at,
  previous_hash AS previousHash, hash FROM ledger_entries`;

/** The SQL of {@link SqliteTokenLedgerStore}. */
export const LEDGER_SQL = {
  last: `${SELECT} WHERE tenant_id = :tenantId ORDER BY seq DESC LIMIT 1`,
  find: `${SELECT} WHERE tenant_id = :tenantId AND key = :key`,
  list: `${SELECT} WHERE tenant_id = :tenantId AND seq < :before ORDER BY seq DESC LIMIT :limit`,
  listSupplies: `${SELECT} INDEXED BY ledger_supplies WHERE tenant_id = :tenantId
    AND seq < :before AND kind IN ('grant', 'expire', 'pack', 'reversal', 'adjustment')
    ORDER BY seq DESC LIMIT :limit`,
  following: `${SELECT} WHERE tenant_id = :tenantId AND seq > :after ORDER BY seq LIMIT :limit`,
  nextTenant: `SELECT tenant_id AS tenantId FROM ledger_entries WHERE tenant_id > :after
    ORDER BY tenant_id LIMIT 1`,
  insert: `INSERT INTO ledger_entries (tenant_id, seq, key, kind, amount, expired, monthly, packs,
      debt, reserved, month_grant, months, hold, reason, source, halted, at, previous_hash, hash)
    VALUES (:tenantId, :seq, :key, :kind, :amount, :expired, :monthly, :packs, :debt, :reserved,
      :monthGrant, :months, :hold, :reason, :source, :halted, :at, :previousHash, :hash)`,
} as const;

const SEQ_INDEX = "ledger_entries.tenant_id, ledger_entries.seq";
const KEY_INDEX = "ledger_entries.tenant_id, ledger_entries.key";
/** Entries that are read at once where a whole ledger is. */
const ENTRIES_PER_PART = 500;

type LedgerRow = Omit<LedgerEntry, "grant" | "months" | "hold" | "halted" | "at"> & {
  readonly monthGrant: string | null;
  readonly months: string | null;
  readonly hold: string | null;
  readonly halted: number;
  readonly at: number;
};

/** Keeps the token ledgers in SQLite, one row per entry. */
export class SqliteTokenLedgerStore implements TokenLedgerStore {
  readonly #database: SqliteDatabase;
  readonly #last: SqliteStatement<LedgerRow>;
  readonly #find: SqliteStatement<LedgerRow>;
  readonly #list: SqliteStatement<LedgerRow>;
  readonly #listSupplies: SqliteStatement<LedgerRow>;
  readonly #following: SqliteStatement<LedgerRow>;
  readonly #nextTenant: SqliteStatement<{ readonly tenantId: string }>;
  readonly #insert: SqliteStatement<never>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#last = database.prepare(LEDGER_SQL.last);
    this.#find = database.prepare(LEDGER_SQL.find);
    this.#list = database.prepare(LEDGER_SQL.list);
    this.#listSupplies = database.prepare(LEDGER_SQL.listSupplies);
    this.#following = database.prepare(LEDGER_SQL.following);
    this.#nextTenant = database.prepare(LEDGER_SQL.nextTenant);
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
  find(tenantId: string, key: string): Promise<LedgerEntry | undefined> {
    return this.#database.attempt("read a ledger entry", () => {
      const row = this.#find.first({ tenantId, key });
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
            return this.#find.first({ tenantId, key }) ? "key_taken" : "seq_taken";
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

  /** {@inheritDoc} */
  listSupplies(
    tenantId: string,
    { before = Number.POSITIVE_INFINITY, limit }: { before?: number; limit: number },
  ): Promise<readonly LedgerEntry[]> {
    return this.#database.attempt("list ledger entries", () =>
      this.#listSupplies.all({ tenantId, before, limit }).map(toEntry),
    );
  }

  /** {@inheritDoc} */
  async *entries(tenantId: string): AsyncGenerator<LedgerEntry, void, undefined> {
    let after = Number.NEGATIVE_INFINITY;
    for (;;) {
      const part = await this.#database.attempt("read a ledger", () =>
        this.#following.all({ tenantId, after, limit: ENTRIES_PER_PART }).map(toEntry),
      );
      yield* part;
      const end = part.at(-1);
      if (end === undefined || part.length < ENTRIES_PER_PART) {
        return;
      }
      after = end.seq;
    }
  }

  /** {@inheritDoc} */
  tenants({ after = "", limit }: { after?: string; limit: number }): Promise<readonly string[]> {
    return this.#database.attempt("list the tenants that have a ledger", () => {
      const tenants: string[] = [];
      while (tenants.length < limit) {
        const next = this.#nextTenant.first({ after: tenants.at(-1) ?? after });
        if (next === undefined) {
          break;
        }
        tenants.push(next.tenantId);
      }
      return tenants;
    });
  }
}

function toParameters({
  grant,
  months,
  hold,
  halted,
  at,
  ...entry
}: LedgerEntry): SqliteParameters {
  return {
    ...entry,
    monthGrant: encodeJson(grant),
    months: encodeJson(months),
    hold: encodeJson(hold),
    halted: halted ? 1 : 0,
    at: encodeInstant(at),
  };
}

function toEntry({ monthGrant, months, hold, halted, at, ...row }: LedgerRow): LedgerEntry {
  return {
    ...row,
    grant: decodeJson(monthGrant, decodeGrant),
    months: decodeJson(months, decodeMonths),
    hold: decodeJson(hold, decodeHold),
    halted: halted === 1,
    at: new Date(at),
  };
}
