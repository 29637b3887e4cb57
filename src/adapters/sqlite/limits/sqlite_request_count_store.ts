import type {
  ProcessCounts,
  RequestCountStore,
} from "../../../application/ports/limits/request_count_store.ts";
import type { SqliteDatabase, SqliteStatement } from "../sqlite_database.ts";

/** The SQL of {@link SqliteRequestCountStore}. */
export const REQUEST_COUNT_SQL = {
  set: `INSERT INTO request_counts (ends_at, key, process, hits)
    VALUES (:endsAt, :key, :by, :hits)
    ON CONFLICT (ends_at, key, process) DO UPDATE SET hits = excluded.hits`,
  others: `SELECT coalesce(sum(hits), 0) AS hits FROM request_counts
    WHERE ends_at = :endsAt AND key = :key AND process <> :by`,
  purge: `DELETE FROM request_counts WHERE (ends_at, key, process) IN (
    SELECT ends_at, key, process FROM request_counts
      WHERE ends_at < 1000 * unixepoch() ORDER BY ends_at LIMIT :limit)`,
} as const;

/** How many counts of windows that are over are removed at least with each exchange. */
const LEAST_PURGED = 100;

/** Keeps counts of requests in SQLite, one row for each key and process. */
export class SqliteRequestCountStore implements RequestCountStore {
  readonly #database: SqliteDatabase;
  readonly #set: SqliteStatement<never>;
  readonly #others: SqliteStatement<{ readonly hits: number }>;
  readonly #purge: SqliteStatement<never>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#set = database.prepare(REQUEST_COUNT_SQL.set);
    this.#others = database.prepare(REQUEST_COUNT_SQL.others);
    this.#purge = database.prepare(REQUEST_COUNT_SQL.purge);
  }

  /** {@inheritDoc} */
  exchange({ by, endsAt: end, hits }: ProcessCounts): Promise<ReadonlyMap<string, number>> {
    const endsAt = end.getTime();
    return this.#database.write("share counts of requests", () =>
      this.#database.atomically(() => {
        this.#purge.write({ limit: LEAST_PURGED + hits.size });
        for (const [key, own] of hits) {
          this.#set.write({ endsAt, key, by, hits: own });
        }
        const keys = [...hits.keys()];
        const others = keys.map((key) => this.#others.first({ endsAt, key, by })?.hits ?? 0);
        return new Map(
          keys.map((key, n) => [key, others[n] ?? 0] as const).filter(([, n]) => n > 0),
        );
      }),
    );
  }
}
