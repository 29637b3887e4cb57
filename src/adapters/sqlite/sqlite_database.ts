import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import type { OrPromise } from "../../application/ports/or_promise.ts";
import { PortError } from "../../application/ports/port_error.ts";
import { byPlace } from "./connection/by_place.ts";
import { GroupCommit } from "./connection/group_commit.ts";
import { Transactions } from "./connection/transactions.ts";
import { TurnBudget } from "./connection/turn_budget.ts";
import { isBusy, sqliteFailure } from "./sqlite_failure.ts";

/** Values for all named parameters of a statement. */
export type SqliteParameters = Readonly<Record<string, string | number | bigint | null>>;

/** The same in the order in which the statement names them: for statements that run all the time. */
export type SqliteValues = readonly (string | number | bigint | null)[];

const WRITING = /^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/;

/** A prepared statement. It runs to completion before it returns. */
export class SqliteStatement<Row> {
  readonly #statement: StatementSync;
  readonly #parameters: readonly string[];
  readonly #columns: readonly string[];
  readonly #check: (() => void) | undefined;

  /**
   * @param parameters the name of the parameter in each place
   * @param check of a statement that writes: throws where it must not run
   */
  constructor(
    statement: StatementSync,
    parameters: readonly string[],
    check: (() => void) | undefined,
  ) {
    this.#statement = statement;
    this.#parameters = parameters;
    this.#columns = statement.columns().map(({ name }) => name);
    this.#check = check;
    // An object of SQLite's is a slow one; those made of arrays here have one shape.
    statement.setReturnArrays(true);
  }

  /** Returns all rows. The caller must make sure that `Row` matches the columns of the SQL text. */
  all(parameters: SqliteParameters | SqliteValues): Row[] {
    this.#check?.();
    const rows: unknown[] = this.#statement.all(...this.#values(parameters));
    return rows.map((row) => this.#named(row as readonly unknown[]));
  }

  /**
   * Returns the first row. Of a writing statement, reads on to the last one, because it commits, and
   * a failed commit throws, only then.
   */
  first(parameters: SqliteParameters | SqliteValues): Row | undefined {
    if (this.#check !== undefined) {
      return this.all(parameters)[0];
    }
    const row: unknown = this.#statement.get(...this.#values(parameters));
    return row === undefined ? undefined : this.#named(row as readonly unknown[]);
  }

  /** Runs the statement and returns how many rows it wrote. */
  write(parameters: SqliteParameters | SqliteValues): number {
    this.#check?.();
    return Number(this.#statement.run(...this.#values(parameters)).changes);
  }

  #values(parameters: SqliteParameters | SqliteValues): SQLInputValue[] {
    if (!isInOrder(parameters)) {
      return this.#parameters.map((name) => parameters[name] as SQLInputValue);
    }
    if (parameters.length !== this.#parameters.length) {
      throw new TypeError(`Cannot bind ${parameters.length} values to ${this.#parameters.length}`);
    }
    return parameters as SQLInputValue[];
  }

  #named(values: readonly unknown[]): Row {
    const row: Record<string, unknown> = {};
    for (let place = 0; place < values.length; place += 1) {
      row[this.#columns[place] ?? ""] = values[place];
    }
    return row as Row;
  }
}

function isInOrder(parameters: SqliteParameters | SqliteValues): parameters is SqliteValues {
  return Array.isArray(parameters);
}

/** The shortest and longest pause before retrying on a busy database, in milliseconds. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [1, 25];

/** A connection to a database, shared by the stores. */
export class SqliteDatabase {
  readonly #connection: DatabaseSync;
  readonly #busyTimeoutMs: number;
  readonly #group: GroupCommit;
  readonly #turns = new TurnBudget();
  readonly #transactions: Transactions;
  #isClosing = false;
  #isWriting = false;

  /**
   * @param options.busyTimeoutMs how long a call waits for other connections, in milliseconds.
   *   SQLite itself must not wait, because that would block the process.
   */
  constructor(connection: DatabaseSync, { busyTimeoutMs }: { busyTimeoutMs: number }) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#group = new GroupCommit(connection, { busyTimeoutMs });
    this.#transactions = new Transactions(connection, "IMMEDIATE");
  }

  /** Prepares a statement for repeated use. */
  prepare<Row>(sql: string): SqliteStatement<Row> {
    return this.#statement<Row>(sql);
  }

  /** Prepares a statement that returns integers exactly, as `bigint`. */
  prepareExact<Row>(sql: string): SqliteStatement<Row> {
    return this.#statement<Row>(sql, { exact: true });
  }

  #statement<Row>(sql: string, { exact = false } = {}): SqliteStatement<Row> {
    const placed = byPlace(sql);
    const statement = this.#connection.prepare(placed.sql);
    statement.setReadBigInts(exact);
    const check = () => {
      if (!this.#isWriting) {
        throw new TypeError(`Cannot run outside of "write": ${sql}`);
      }
    };
    return new SqliteStatement(statement, placed.names, WRITING.test(sql) ? check : undefined);
  }

  /**
   * Runs work that writes, together with whatever else is written in this turn of the event loop, and
   * returns its result once that is durable; see `GroupCommit`. The work must write with a single
   * statement or within `atomically`, so that a refused attempt has done nothing.
   *
   * @param action the purpose, phrased to follow "Cannot", as in `save the account`
   * @throws {PortError} (by rejection) if the work or the commit fails, or the database is closed
   */
  async write<T>(action: string, work: () => T): Promise<T> {
    return await this.writeAtOnce(action, work);
  }

  /**
   * Does what `write` does; answers without a promise where the work did not have to wait.
   *
   * @throws {PortError} (by rejection)
   */
  writeAtOnce<T>(action: string, work: () => T): OrPromise<T> {
    if (this.#isClosing) {
      return Promise.reject(closed(action));
    }
    return this.#group.add(action, () => {
      this.#isWriting = true;
      try {
        return work();
      } finally {
        this.#isWriting = false;
      }
    });
  }

  /**
   * Runs work that only reads and returns its result; runs it again while another connection locks
   * the database. It sees every write that was answered. Waits for the next turn of the event loop
   * where this one was busy for long.
   *
   * @param action the purpose, phrased to follow "Cannot", as in `read the account`
   * @throws {PortError} (by rejection) if the work fails or the database is closed
   */
  async read<T>(action: string, work: () => T): Promise<T> {
    const turn = this.#turns.spend();
    if (turn !== undefined) {
      await turn;
    }
    const deadline = performance.now() + this.#busyTimeoutMs;
    for (let longestMs = FIRST_PAUSE_MS; ; longestMs = Math.min(2 * longestMs, LONGEST_PAUSE_MS)) {
      if (!this.#connection.isOpen) {
        throw closed(action);
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
   * back if the work throws. Call it only within `write`.
   */
  atomically<T>(work: () => T): T {
    return this.#transactions.run(work);
  }

  /** Finishes the writes that wait, then closes the connection; does nothing if it is closed. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#group.drain();
    if (this.#connection.isOpen) {
      await this.read("close the store", () => this.#connection.close());
    }
  }
}

function closed(action: string): PortError {
  return new PortError(`Cannot ${action}: the store is closed`, { transient: false });
}
