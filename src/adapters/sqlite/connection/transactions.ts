import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Transactions of a connection, with their statements prepared once. */
export class Transactions {
  readonly #connection: DatabaseSync;
  readonly #whole: Ends;
  readonly #part: Ends;

  constructor(connection: DatabaseSync, mode: "DEFERRED" | "IMMEDIATE") {
    const prepare = (sql: string) => connection.prepare(sql);
    this.#connection = connection;
    this.#whole = { begin: prepare(`BEGIN ${mode}`), commit: prepare("COMMIT") };
    this.#part = { begin: prepare("SAVEPOINT part"), commit: prepare("RELEASE part") };
  }

  /**
   * Runs work in one transaction, or within the one that is open; undoes all of its writes if it
   * throws.
   */
  run<T>(work: () => T): T {
    const connection = this.#connection;
    const isPart = connection.isTransaction;
    const { begin, commit } = isPart ? this.#part : this.#whole;
    begin.get(); // makes no object, unlike `run`
    try {
      const result = work();
      commit.get();
      return result;
    } catch (error) {
      if (connection.isTransaction) {
        connection.exec(isPart ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK");
      }
      throw error;
    }
  }
}

/** How a transaction begins and ends. */
interface Ends {
  readonly begin: StatementSync;
  readonly commit: StatementSync;
}
