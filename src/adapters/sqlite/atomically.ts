import type { DatabaseSync } from "node:sqlite";

/** Runs work in one transaction; rolls everything back if it throws. */
export function atomically<T>(
  connection: DatabaseSync,
  mode: "DEFERRED" | "IMMEDIATE",
  work: () => T,
): T {
  connection.prepare(`BEGIN ${mode}`).run();
  try {
    const result = work();
    connection.prepare("COMMIT").run();
    return result;
  } catch (error) {
    if (connection.isTransaction) {
      connection.exec("ROLLBACK");
    }
    throw error;
  }
}
