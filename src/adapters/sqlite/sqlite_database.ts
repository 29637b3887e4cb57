import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { PortError } from "../../application/ports/port_error.ts";
import { atomically } from "./atomically.ts";
import { isBusy, sqliteFailure } from "./sqlite_failure.ts";

/** Values for the named parameters of a statement, all of them. */
export type SqliteParameters = Readonly<Record<string, string | number | bigint | null>>;

/** A statement that was prepared once. It runs to its end before it answers. */
export class SqliteStatement<Row> {
  readonly #statement: StatementSync;

  constructor(statement: StatementSync) {
    this.#statement = statement;
  }

  /** All rows. The caller vouches for `Row`: it has to name the columns of the SQL text. */
  all(parameters: SqliteParameters): Row[] {
    return this.#statement.all(parameters) as Row[];
  }

  /**
   * The first row, or `undefined`. Reads on to the last one: only then is a statement that
   * writes committed, and only then does a commit that failed throw.
   */
  first(parameters: SqliteParameters): Row | undefined {
    return this.all(parameters)[0];
  }

  /** How many rows the statement wrote. */
  write(parameters: SqliteParameters): number {
    return Number(this.#statement.run(parameters).changes);
  }
}

/** The first and the longest pause before another attempt at a busy database. Milliseconds. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [1, 25];

/** One connection to a database, shared by the stores. */
export class SqliteDatabase {
  readonly #connection: DatabaseSync;
  readonly #busyTimeoutMs: number;

  /**
   * @param options.busyTimeoutMs how long a call waits for other connections. The process does
   * other things meanwhile, so SQLite itself must not wait.
   */
  constructor(connection: DatabaseSync, { busyTimeoutMs }: { busyTimeoutMs: number }) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  /** Prepares a statement for repeated use. */
  prepare<Row>(sql: string): SqliteStatement<Row> {
    return new SqliteStatement<Row>(this.#connection.prepare(sql));
  }

  /** Prepares a statement whose integers are answered exactly, as `bigint`. */
  prepareExact<Row>(sql: string): SqliteStatement<Row> {
    const statement = this.#connection.prepare(sql);
    statement.setReadBigInts(true);
    return new SqliteStatement<Row>(statement);
  }

  /**
   * Does some work at once, and answers what it returns; does it again while another connection has
   * the database to itself. So it writes with one statement, or within `atomically`: what was
   * refused has done nothing.
   *
   * @param action what the work is for, as in `save the account`
   * @throws {PortError} (by rejection) when it fails or the database was closed
   */
  async attempt<T>(action: string, work: () => T): Promise<T> {
    const deadline = performance.now() + this.#busyTimeoutMs;
    for (let longestMs = FIRST_PAUSE_MS; ; longestMs = Math.min(2 * longestMs, LONGEST_PAUSE_MS)) {
      if (!this.#connection.isOpen) {
        throw new PortError(`Cannot ${action}: the store is closed`, { transient: false });
      }
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) {
          throw sqliteFailure(action, error);
        }
      }
      await pause(Math.random() * longestMs);
    }
  }

  /**
   * Reads and writes in one step: no other process writes in between, and nothing stays of work
   * that throws. Only within `attempt`.
   */
  atomically<T>(work: () => T): T {
    return atomically(this.#connection, "IMMEDIATE", work);
  }

  /** Closes the connection; nothing happens when it already is. */
  async close(): Promise<void> {
    if (this.#connection.isOpen) {
      await this.attempt("close the store", () => this.#connection.close());
    }
  }
}
