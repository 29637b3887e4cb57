import type { DatabaseSync } from "node:sqlite";

/** Does some work in one transaction; nothing of it stays when it throws. */
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
