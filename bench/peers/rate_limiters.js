/** rate-limiter-flexible in memory and on SQLite with durable commits. */
import { DatabaseSync } from "node:sqlite";
import { RateLimiterMemory, RateLimiterSQLite } from "rate-limiter-flexible";

/** The longest that a timer of Node counts, in whole days: beyond it, the one in memory forgets at once. */
const WINDOW_SECONDS = 24 * 86_400;

/** A limiter in memory, which answers or rejects. */
export function memoryLimiter(points) {
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  return { consume: (key) => limiter.consume(key), close: () => undefined };
}

/** A limiter on SQLite. It knows better-sqlite3, of which `node:sqlite` has what it calls but `transaction`. */
export async function sqliteLimiter(path, points) {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = wal; PRAGMA synchronous = FULL");
  const storeClient = {
    prepare: (sql) => database.prepare(sql),
    transaction: (work) => () => {
      database.exec("BEGIN");
      const result = work();
      database.exec("COMMIT");
      return result;
    },
  };
  const options = { storeClient, storeType: "better-sqlite3", tableName: "limits", points };
  const limiter = await new Promise((resolve, reject) => {
    const made = new RateLimiterSQLite({ ...options, duration: WINDOW_SECONDS }, (error) =>
      error ? reject(error) : resolve(made),
    );
  });
  return { consume: (key) => limiter.consume(key), close: () => database.close() };
}
