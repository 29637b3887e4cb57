import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { PortError } from "../../application/ports/port_error.ts";
import { atomically } from "./atomically.ts";
import { isBusy, sqliteFailure } from "./sqlite_failure.ts";

/** Values for all named parameters of a statement. */
export type SqliteParameters = Readonly<Record<string, string | number | bigint | null>>;

/** A prepared statement. It runs to completion before it returns. */
export class SqliteStatement<Row> {
  readonly #statement: StatementSync;

  constructor(statement: StatementSync) {
    this.#statement = statement;
  }

  /** Returns all rows. The caller must make sure that `Row` matches the columns of the SQL text. */
  all(parameters: SqliteParameters): Row[] {
    return this.#statement.all(parameters) as Row[];
  }

  /**
   * Returns the first row. Reads on to the last one, because a writing statement commits, and a
   * failed commit throws, only then.
   */
  first(parameters: SqliteParameters): Row | undefined {
    return this.all(parameters)[0];
  }

  /** Runs the statement and returns how many rows it wrote. */
  write(parameters: SqliteParameters): number {
    return Number(this.#statement.run(parameters).changes);
  }
}

/** The shortest and longest pause before retrying on a busy database, in milliseconds. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [1, 25];

/** A connection to a database, shared by the stores. */
export class SqliteDatabase {
  readonly #connection: DatabaseSync;
  readonly #busyTimeoutMs: number;

  /**
   * @param options.busyTimeoutMs how long a call waits for other connections, in milliseconds.
   *   SQLite itself must not wait, because that would block the process.
   */
  constructor(connection: DatabaseSync, { busyTimeoutMs }: { busyTimeoutMs: number }) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  /** Prepares a statement for repeated use. */
  prepare<Row>(sql: string): SqliteStatement<Row> {
    return new SqliteStatement<Row>(this.#connection.prepare(sql));
  }

  /** Prepares a statement that returns integers exactly, as `bigint`. */
  prepareExact<Row>(sql: string): SqliteStatement<Row> {
    const statement = this.#connection.prepare(sql);
    statement.setReadBigInts(true);
    return new SqliteStatement<Row>(statement);
  }

  /**
   * Runs work and returns its result; runs it again while another connection locks the database.
   * Therefore the work must write with a single statement or within `atomically`, so that a refused
   * attempt has done nothing.
   *
   * @param action the purpose, phrased to follow "Cannot", as in `save the account`
   * @throws {PortError} (by rejection) if the work fails or the database is closed
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
   * Runs reads and writes as one step: no other process writes in between, and everything is rolled
   * back if the work throws. Call it only within `attempt`.
   */
  atomically<T>(work: () => T): T {
    return atomically(this.#connection, "IMMEDIATE", work);
  }

  /** Closes the connection; does nothing if it is closed. */
  async close(): Promise<void> {
    if (this.#connection.isOpen) {
      await this.attempt("close the store", () => this.#connection.close());
    }
  }
}
