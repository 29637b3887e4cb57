import {
  type Delivery,
  type DeliveryCursor,
  type DeliveryStore,
  KEPT_ATTEMPTS,
  type NewDelivery,
} from "../../../application/ports/notifications/delivery_store.ts";
import type {
  DeliveryAttempt,
  DeliveryState,
} from "../../../domain/notifications/notification_target.ts";
import type { SqliteDatabase, SqliteStatement } from "../sqlite_database.ts";
import { decodeInstant, encodeInstant, instantOf, type Stored } from "../stored_json.ts";

/** The columns of a delivery, named as its fields. */
export const DELIVERY_COLUMNS = `id, target_id AS targetId, lane, position, type, body, created_at AS createdAt,
  state, due_at AS dueAt, attempts, claims, log`;

/** Within a subquery, the columns are those of its own table. */
const WANTED = `(target_id IN (SELECT value FROM json_each(:targetIds))
  OR (target_id, type) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:ofTypes)))`;

/** The SQL of {@link SqliteDeliveryStore}. */
export const DELIVERY_SQL = {
  add: `INSERT INTO deliveries (id, target_id, lane, position, type, body, created_at, state,
      due_at, attempts, claims, log)
    VALUES (:id, :targetId, :lane, :position, :type, :body, :createdAt, 'waiting', :createdAt, 0, 0,
      '[]')
    ON CONFLICT (id) DO NOTHING`,
  claim: `UPDATE deliveries SET due_at = :until, attempts = attempts + 1, claims = claims + 1
    WHERE id = (SELECT id FROM deliveries AS one INDEXED BY deliveries_by_due_at
      WHERE due_at <= :now AND ${WANTED}
        AND NOT EXISTS (SELECT 1 FROM deliveries AS other INDEXED BY deliveries_by_lane
          WHERE other.lane = one.lane AND other.due_at IS NOT NULL AND ${WANTED}
            AND (other.position, other.id) < (one.position, one.id))
      ORDER BY due_at, position, id LIMIT 1)
    RETURNING ${DELIVERY_COLUMNS}`,
  log: `SELECT log FROM deliveries
    WHERE id = :id AND claims = :claims AND state = 'waiting'`,
  settle: "UPDATE deliveries SET state = :state, due_at = :dueAt, log = :log WHERE id = :id",
  replay: "UPDATE deliveries SET state = 'waiting', due_at = :now, attempts = 0 WHERE id = :id",
  find: `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE id = :id`,
  list: `SELECT ${DELIVERY_COLUMNS} FROM deliveries
    WHERE target_id = :targetId AND (created_at, id) < (:createdAt, :id)
    ORDER BY created_at DESC, id DESC LIMIT :limit`,
  purge: `DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries
      WHERE created_at < :createdBefore LIMIT :limit)`,
} as const;

/** Later than any date. */
const END_OF_TIME_MS = 8_640_000_000_000_001;

/** A delivery as stored. */
export type DeliveryRow = Omit<Stored<Delivery>, "log"> & {
  readonly state: DeliveryState;
  readonly log: string;
};

/** Keeps the deliveries of notifications in SQLite, one row each. */
export class SqliteDeliveryStore implements DeliveryStore {
  readonly #database: SqliteDatabase;
  readonly #add: SqliteStatement<never>;
  readonly #claim: SqliteStatement<DeliveryRow>;
  readonly #log: SqliteStatement<{ readonly log: string }>;
  readonly #settle: SqliteStatement<never>;
  readonly #replay: SqliteStatement<never>;
  readonly #find: SqliteStatement<DeliveryRow>;
  readonly #list: SqliteStatement<DeliveryRow>;
  readonly #purge: SqliteStatement<never>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#add = database.prepare(DELIVERY_SQL.add);
    this.#claim = database.prepare(DELIVERY_SQL.claim);
    this.#log = database.prepare(DELIVERY_SQL.log);
    this.#settle = database.prepare(DELIVERY_SQL.settle);
    this.#replay = database.prepare(DELIVERY_SQL.replay);
    this.#find = database.prepare(DELIVERY_SQL.find);
    this.#list = database.prepare(DELIVERY_SQL.list);
    this.#purge = database.prepare(DELIVERY_SQL.purge);
  }

  /** {@inheritDoc} */
  add(delivery: NewDelivery): Promise<"added" | "exists"> {
    return this.#database.write("add a delivery", () => {
      const row = { ...delivery, createdAt: encodeInstant(delivery.createdAt) };
      return this.#add.write(row) === 1 ? "added" : "exists";
    });
  }

  /** {@inheritDoc} */
  claim(at: {
    targetIds: readonly string[];
    ofTypes?: readonly (readonly [string, string])[];
    now: Date;
    until: Date;
  }): Promise<Delivery | undefined> {
    return this.#database.write("claim a delivery", () => {
      const row = this.#claim.first({
        targetIds: JSON.stringify(at.targetIds),
        ofTypes: JSON.stringify(at.ofTypes ?? []),
        now: encodeInstant(at.now),
        until: encodeInstant(at.until),
      });
      return row && toDelivery(row);
    });
  }

  /** {@inheritDoc} */
  settle(
    { id, claims }: Pick<Delivery, "id" | "claims">,
    outcome: { state: DeliveryState; dueAt: Date | null; attempt: DeliveryAttempt },
  ): Promise<boolean> {
    return this.#database.write("settle a delivery", () =>
      this.#database.atomically(() => {
        const found = this.#log.first({ id, claims });
        if (found === undefined) {
          return false;
        }
        const { state, dueAt, attempt } = outcome;
        const made = { ...attempt, at: encodeInstant(attempt.at) };
        const log = JSON.stringify([...JSON.parse(found.log), made].slice(-KEPT_ATTEMPTS));
        this.#settle.write({ id, state, dueAt: dueAt && encodeInstant(dueAt), log });
        return true;
      }),
    );
  }

  /** {@inheritDoc} */
  replay(id: string, now: Date): Promise<boolean> {
    return this.#database.write(
      "replay a delivery",
      () => this.#replay.write({ id, now: encodeInstant(now) }) === 1,
    );
  }

  /** {@inheritDoc} */
  find(id: string): Promise<Delivery | undefined> {
    return this.#database.read("read a delivery", () => {
      const row = this.#find.first({ id });
      return row && toDelivery(row);
    });
  }

  /** {@inheritDoc} */
  list(
    targetId: string,
    { after, limit }: { after?: DeliveryCursor | undefined; limit: number },
  ): Promise<readonly Delivery[]> {
    return this.#database.read("list deliveries", () => {
      const createdAt = after ? encodeInstant(after.createdAt) : END_OF_TIME_MS;
      const id = after?.id ?? "";
      return this.#list.all({ targetId, createdAt, id, limit }).map(toDelivery);
    });
  }

  /** {@inheritDoc} */
  purge(old: { createdBefore: Date; limit: number }): Promise<number> {
    return this.#database.write("remove old deliveries", () => {
      const createdBefore = encodeInstant(old.createdBefore);
      return this.#purge.write({ createdBefore, limit: old.limit });
    });
  }
}

/** Reads a row. */
export function toDelivery({ createdAt, dueAt, log, ...row }: DeliveryRow): Delivery {
  const attempts: readonly Stored<DeliveryAttempt>[] = JSON.parse(log);
  return {
    ...row,
    createdAt: instantOf(createdAt),
    dueAt: decodeInstant(dueAt),
    log: attempts.map((attempt) => ({ ...attempt, at: instantOf(attempt.at) })),
  };
}
