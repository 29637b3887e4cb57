import { DatabaseSync } from "node:sqlite";

/** The limit is never met: only what counting costs is measured. */
const LIMIT = 1_000_000_000;

/**
 * The least that a limited count on disk takes: one conditional `UPDATE` by a prepared statement,
 * durable when it returns.
 */
export function conditionalUpdate(path: string): { consume(): void; close(): void } {
  const connection = new DatabaseSync(path);
  connection.exec("PRAGMA journal_mode = wal; PRAGMA synchronous = FULL");
  connection.exec("CREATE TABLE counters (id TEXT PRIMARY KEY, used INTEGER, top INTEGER) STRICT");
  connection.prepare("INSERT INTO counters VALUES ('one', 0, ?)").run(LIMIT);
  const update = connection.prepare(
    "UPDATE counters SET used = used + 1 WHERE id = 'one' AND used + 1 <= top",
  );
  return {
    consume() {
      if (update.run().changes !== 1) {
        throw new Error("Cannot measure: the counter is full");
      }
    },
    close: () => connection.close(),
  };
}
