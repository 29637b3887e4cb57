import type { DatabaseSync } from "node:sqlite";

/**
 * Runs work in one transaction, or within the one that is open; undoes all of its writes if it
 * throws.
 */
export function atomically<T>(
  connection: DatabaseSync,
  mode: "DEFERRED" | "IMMEDIATE",
  work: () => T,
): T {
  const isPart = connection.isTransaction;
  connection.prepare(isPart ? "SAVEPOINT part" : `BEGIN ${mode}`).run();
  try {
    const result = work();
    connection.prepare(isPart ? "RELEASE part" : "COMMIT").run();
    return result;
  } catch (error) {
    if (connection.isTransaction) {
      connection.exec(isPart ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK");
    }
    throw error;
  }
}
