import type { LedgerHeadStore } from "../../application/ports/tokens/ledger_head_store.ts";
import type { HeadMove, LedgerHead } from "../../domain/tokens/ledger_head.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";

const SELECT = "SELECT tenant_id AS tenantId, seq, hash, key_id AS keyId, seal FROM ledger_heads";
const INSERT = `INSERT INTO ledger_heads (tenant_id, seq, hash, key_id, seal)
  VALUES (:tenantId, :seq, :hash, :keyId, :seal)`;

/** The SQL of {@link SqliteLedgerHeadStore}. */
export const HEAD_SQL = {
  read: `${SELECT} WHERE tenant_id = :tenantId`,
  list: `${SELECT} WHERE tenant_id > :after ORDER BY tenant_id LIMIT :limit`,
  begin: `${INSERT} ON CONFLICT (tenant_id) DO NOTHING`,
  put: `${INSERT} ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash,
    key_id = excluded.key_id, seal = excluded.seal`,
  move: `UPDATE ledger_heads SET seq = :seq, hash = :hash, key_id = :keyId, seal = :seal
    WHERE tenant_id = :tenantId AND seq = :fromSeq AND hash = :fromHash AND key_id IS :fromKeyId
      AND seal = :fromSeal`,
} as const;

type HeadRow = Omit<LedgerHead, "seq"> & { readonly seq: bigint };

/** Keeps the heads of the token ledgers in SQLite, one row each. */
export class SqliteLedgerHeadStore implements LedgerHeadStore {
  readonly #database: SqliteDatabase;
  readonly #read: SqliteStatement<HeadRow>;
  readonly #list: SqliteStatement<HeadRow>;
  readonly #begin: SqliteStatement<never>;
  readonly #put: SqliteStatement<never>;
  readonly #move: SqliteStatement<never>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#read = database.prepareExact(HEAD_SQL.read);
    this.#list = database.prepareExact(HEAD_SQL.list);
    this.#begin = database.prepare(HEAD_SQL.begin);
    this.#put = database.prepare(HEAD_SQL.put);
    this.#move = database.prepare(HEAD_SQL.move);
  }

  /** {@inheritDoc} */
  read(tenantId: string): Promise<LedgerHead | undefined> {
    return this.#database.read("read a ledger's head", () => {
      const row = this.#read.first({ tenantId });
      return row && toHead(row);
    });
  }

  /** {@inheritDoc} */
  move({ from, to }: HeadMove): Promise<boolean> {
    return this.#database.write("move a ledger's head", () =>
      from === null ? this.#begin.write(toParameters(to)) === 1 : this.#moveFrom(from, to),
    );
  }

  /**
   * Moves a head together with the entry written in the same transaction; creates it for a new
   * ledger. Call it only within `atomically`.
   */
  follow({ from, to }: HeadMove): boolean {
    if (from?.seq === 0) {
      this.#begin.write(toParameters(from));
    }
    return from !== null && this.#moveFrom(from, to);
  }

  /** {@inheritDoc} */
  put(head: LedgerHead): Promise<void> {
    return this.#database.write("store a ledger's head", () => {
      this.#put.write(toParameters(head));
    });
  }

  /** {@inheritDoc} */
  list({ after = "", limit }: { after?: string; limit: number }): Promise<readonly LedgerHead[]> {
    return this.#database.read("list the ledgers' heads", () =>
      this.#list.all({ after, limit }).map(toHead),
    );
  }

  #moveFrom({ tenantId, seq, hash, keyId, seal }: LedgerHead, to: LedgerHead): boolean {
    const was = [tenantId, seq, hash, keyId, seal];
    return this.#move.write([to.seq, to.hash, to.keyId, to.seal, ...was]) === 1;
  }
}

function toParameters({ tenantId, seq, hash, keyId, seal }: LedgerHead): SqliteParameters {
  return { tenantId, seq, hash, keyId, seal };
}

/** Reads a head; an inexact number is replaced, because we did not write it. */
function toHead({ seq, ...row }: HeadRow): LedgerHead {
  return { ...row, seq: Number.isSafeInteger(Number(seq)) ? Number(seq) : -1 };
}
