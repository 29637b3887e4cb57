import type { OrPromise } from "../../application/ports/or_promise.ts";
import {
  type AppendAnswer,
  type AppendedTogether,
  type TokenLedgerStore,
  UnreadableLedgerError,
} from "../../application/ports/tokens/token_ledger_store.ts";
import type { HeadMove } from "../../domain/tokens/ledger_head.ts";
import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import type { FoundEntry } from "../../domain/tokens/token_ledger_check.ts";
import { decodeEntry, type LedgerRow } from "./ledger_row.ts";
import type { SqliteDatabase, SqliteStatement, SqliteValues } from "./sqlite_database.ts";
import { violatedIndex } from "./sqlite_failure.ts";
import type { SqliteLedgerHeadStore } from "./sqlite_ledger_head_store.ts";
import type { SqliteTokenReservationStore } from "./sqlite_token_reservation_store.ts";
import { encodeInstant, encodeJson } from "./stored_json.ts";

const SELECT = `SELECT tenant_id AS tenantId, seq, key, kind, amount, expired, monthly, packs, debt,
  reserved, month_grant AS monthGrant, months, hold, reason, source, halted, at,
  previous_hash AS previousHash, key_id AS keyId, hash FROM ledger_entries`;

/** Names the values of `valuesOf`, in their order. */
const ENTRY = `tenant_id = :tenantId AND seq = :seq AND key = :key AND kind = :kind
  AND amount = :amount AND expired = :expired AND monthly = :monthly AND packs = :packs
  AND debt = :debt AND reserved = :reserved AND month_grant IS :monthGrant AND months IS :months
  AND hold IS :hold AND reason IS :reason AND source IS :source AND halted = :halted AND at = :at
  AND previous_hash = :previousHash AND key_id IS :keyId AND hash = :hash`;

/** The SQL of {@link SqliteTokenLedgerStore}. */
export const LEDGER_SQL = {
  last: `${SELECT} WHERE tenant_id = :tenantId ORDER BY seq DESC LIMIT 1`,
  /** Answers one row where the last entry is exactly this one. */
  isLast: `SELECT 1 FROM ledger_entries AS entry WHERE ${ENTRY} AND NOT EXISTS (SELECT 1
    FROM ledger_entries AS later WHERE later.tenant_id = entry.tenant_id AND later.seq > entry.seq)`,
  find: `${SELECT} WHERE tenant_id = :tenantId AND key = :key`,
  list: `${SELECT} WHERE tenant_id = :tenantId AND seq < :before ORDER BY seq DESC LIMIT :limit`,
  listSupplies: `${SELECT} INDEXED BY ledger_supplies WHERE tenant_id = :tenantId
    AND seq < :before AND kind IN ('grant', 'expire', 'pack', 'reversal', 'adjustment')
    ORDER BY seq DESC LIMIT :limit`,
  following: `${SELECT} WHERE tenant_id = :tenantId AND seq > :after ORDER BY seq LIMIT :limit`,
  nextTenant: `SELECT tenant_id AS tenantId FROM ledger_entries WHERE tenant_id > :after
    ORDER BY tenant_id LIMIT 1`,
  /** Takes the values of `valuesOf`, in their order. */
  insert: `INSERT INTO ledger_entries (tenant_id, seq, key, kind, amount, expired, monthly, packs,
      debt, reserved, month_grant, months, hold, reason, source, halted, at, previous_hash, key_id,
      hash)
    VALUES (:tenantId, :seq, :key, :kind, :amount, :expired, :monthly, :packs, :debt, :reserved,
      :monthGrant, :months, :hold, :reason, :source, :halted, :at, :previousHash, :keyId, :hash)`,
} as const;

const SEQ_INDEX = "ledger_entries.tenant_id, ledger_entries.seq";
const KEY_INDEX = "ledger_entries.tenant_id, ledger_entries.key";
/** Entries per read when a whole ledger is read: others wait while they are checked. */
const ENTRIES_PER_PART = 100;

/** Keeps the token ledgers in SQLite, one row per entry. */
export class SqliteTokenLedgerStore implements TokenLedgerStore {
  readonly #database: SqliteDatabase;
  readonly #reservations: SqliteTokenReservationStore;
  readonly #heads: SqliteLedgerHeadStore;
  readonly #last: SqliteStatement<LedgerRow>;
  readonly #isLast: SqliteStatement<unknown>;
  readonly #find: SqliteStatement<LedgerRow>;
  readonly #list: SqliteStatement<LedgerRow>;
  readonly #listSupplies: SqliteStatement<LedgerRow>;
  readonly #following: SqliteStatement<LedgerRow>;
  readonly #nextTenant: SqliteStatement<{ readonly tenantId: string }>;
  readonly #insert: SqliteStatement<never>;

  constructor(
    database: SqliteDatabase,
    beside: { heads: SqliteLedgerHeadStore; reservations: SqliteTokenReservationStore },
  ) {
    this.#database = database;
    this.#heads = beside.heads;
    this.#reservations = beside.reservations;
    this.#last = database.prepareExact(LEDGER_SQL.last);
    this.#isLast = database.prepare(LEDGER_SQL.isLast);
    this.#find = database.prepareExact(LEDGER_SQL.find);
    this.#list = database.prepareExact(LEDGER_SQL.list);
    this.#listSupplies = database.prepareExact(LEDGER_SQL.listSupplies);
    this.#following = database.prepareExact(LEDGER_SQL.following);
    this.#nextTenant = database.prepare(LEDGER_SQL.nextTenant);
    this.#insert = database.prepare(LEDGER_SQL.insert);
  }

  /** {@inheritDoc} */
  last(tenantId: string): Promise<LedgerEntry | undefined> {
    return this.#database.read("read the last ledger entry", () => {
      const row = this.#last.first({ tenantId });
      return row && readable(row);
    });
  }

  /** {@inheritDoc} */
  find(tenantId: string, key: string): Promise<LedgerEntry | undefined> {
    return this.#database.read("read a ledger entry", () => {
      const row = this.#find.first({ tenantId, key });
      return row && readable(row);
    });
  }

  /** {@inheritDoc} */
  append(
    entry: LedgerEntry,
    move?: HeadMove,
    { after, reminder }: AppendedTogether = {},
  ): OrPromise<AppendAnswer> {
    return this.#database.writeAtOnce("append to the ledger", () => {
      const { tenantId, key } = entry;
      try {
        return this.#database.atomically(() => {
          if (after !== undefined && this.#isLast.first(valuesOf(after)) === undefined) {
            return "seq_taken";
          }
          this.#insert.write(valuesOf(entry));
          if (reminder !== undefined) {
            this.#reservations.follow(reminder);
          }
          return move === undefined || this.#heads.follow(move) ? "appended" : "head_left";
        });
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
  appendsTogether(): true {
    return true;
  }

  /** {@inheritDoc} */
  list(
    tenantId: string,
    { before = Number.POSITIVE_INFINITY, limit }: { before?: number; limit: number },
  ): Promise<readonly LedgerEntry[]> {
    return this.#database.read("list ledger entries", () =>
      this.#list.all({ tenantId, before, limit }).map(readable),
    );
  }

  /** {@inheritDoc} */
  listSupplies(
    tenantId: string,
    { before = Number.POSITIVE_INFINITY, limit }: { before?: number; limit: number },
  ): Promise<readonly LedgerEntry[]> {
    return this.#database.read("list ledger entries", () =>
      this.#listSupplies.all({ tenantId, before, limit }).map(readable),
    );
  }

  /** {@inheritDoc} */
  async *entries(tenantId: string): AsyncGenerator<FoundEntry, void, undefined> {
    let after: bigint | number = Number.NEGATIVE_INFINITY;
    for (;;) {
      const part: readonly LedgerRow[] = await this.#database.read("read a ledger", () =>
        this.#following.all({ tenantId, after, limit: ENTRIES_PER_PART }),
      );
      yield* part.map(decodeEntry);
      const end = part.at(-1);
      if (end === undefined || part.length < ENTRIES_PER_PART) {
        return;
      }
      after = end.seq;
    }
  }

  /** {@inheritDoc} */
  tenants({ after = "", limit }: { after?: string; limit: number }): Promise<readonly string[]> {
    return this.#database.read("list the tenants that have a ledger", () => {
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

/** The values of the columns, in the order in which the statements name them. */
function valuesOf(entry: LedgerEntry): SqliteValues {
  return [
    entry.tenantId,
    entry.seq,
    entry.key,
    entry.kind,
    entry.amount,
    entry.expired,
    entry.monthly,
    entry.packs,
    entry.debt,
    entry.reserved,
    encodeJson(entry.grant),
    encodeJson(entry.months),
    encodeJson(entry.hold),
    entry.reason,
    entry.source,
    entry.halted ? 1 : 0,
    encodeInstant(entry.at),
    entry.previousHash,
    entry.keyId,
    entry.hash,
  ];
}

/** @throws {UnreadableLedgerError} */
function readable(row: LedgerRow): LedgerEntry {
  const found = decodeEntry(row);
  if ("fault" in found) {
    throw new UnreadableLedgerError(found.tenantId, found.fault);
  }
  return found;
}
