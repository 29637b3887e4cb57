import type {
  EventInbox,
  EventLease,
  EventListing,
  InboxEvent,
} from "../../application/ports/events/event_inbox.ts";
import {
  type BillingEvent,
  EVENT_STATES,
  type EventOutcome,
  type EventState,
} from "../../domain/events/billing_event.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";
import { decodeInstant, encodeInstant } from "./stored_json.ts";

const COLUMNS = `id, state, attempts, reason, received_at AS receivedAt, due_at AS dueAt, type,
  created_at AS createdAt, livemode, connected_account AS connectedAccount,
  customer_id AS customerId, payload`;

/** The SQL of {@link SqliteEventInbox}. */
export const INBOX_SQL = {
  insert: `INSERT INTO events (id, state, attempts, received_at, due_at, lease_token, type,
      created_at, livemode, connected_account, customer_id, payload)
    VALUES (:id, :state, :attempts, :now, :dueAt, :token, :type, :createdAt, :livemode,
      :connectedAccount, :customerId, :payload)
    ON CONFLICT (id) DO NOTHING`,
  state: "SELECT state FROM events WHERE id = :id",
  find: `SELECT ${COLUMNS} FROM events WHERE id = :id`,
  claim: `UPDATE events SET state = 'processing', reason = NULL, due_at = :until,
      lease_token = :token, attempts = CASE state WHEN 'dead' THEN 1 ELSE attempts + 1 END
    WHERE id = :id AND (state IN ('received', 'failed', 'unmatched', 'dead')
      OR (state = 'processing' AND due_at <= :now))
    RETURNING ${COLUMNS}`,
  settle: `UPDATE events SET state = :state, reason = :reason, due_at = :dueAt, lease_token = NULL
    WHERE id = :id AND lease_token = :token`,
  due: `SELECT id FROM events INDEXED BY events_by_due_at WHERE due_at <= max(:now, :receivedBefore)
      AND ((state = 'received' AND due_at < :receivedBefore)
        OR (state IN ('failed', 'processing') AND due_at <= :now))
    ORDER BY due_at, id LIMIT :limit`,
  list: listSql("1"),
  listByState: listSql("state = :state"),
  listByType: listSql("type = :type"),
  listByStateAndType: listSql("state = :state AND type = :type"),
  count: "SELECT count FROM event_counts WHERE state = :state",
  requeue: `UPDATE events SET state = 'received', reason = NULL, attempts = 0, due_at = :now
    WHERE id = :id AND state <> 'processing'`,
  purge: `DELETE FROM events WHERE id IN (SELECT id FROM events
      WHERE state IN ('done', 'ignored', 'unmatched') AND received_at < :receivedBefore
      LIMIT :limit)`,
} as const;

function listSql(condition: string): string {
  return `SELECT ${COLUMNS} FROM events
    WHERE ${condition} AND (received_at, id) < (:receivedAt, :id)
    ORDER BY received_at DESC, id DESC LIMIT :limit`;
}

/** Later than any date. */
const END_OF_TIME_MS = 8_640_000_000_000_001;

type EventRow = Omit<BillingEvent, "createdAt" | "livemode"> & {
  readonly state: EventState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly receivedAt: number;
  readonly dueAt: number | null;
  readonly createdAt: number;
  readonly livemode: number;
};

/** Keeps the webhook events in SQLite, one row each. */
export class SqliteEventInbox implements EventInbox {
  readonly #database: SqliteDatabase;
  readonly #insert: SqliteStatement<never>;
  readonly #state: SqliteStatement<{ readonly state: EventState }>;
  readonly #find: SqliteStatement<EventRow>;
  readonly #claim: SqliteStatement<EventRow>;
  readonly #settle: SqliteStatement<never>;
  readonly #due: SqliteStatement<{ readonly id: string }>;
  readonly #list: SqliteStatement<EventRow>;
  readonly #listByState: SqliteStatement<EventRow>;
  readonly #listByType: SqliteStatement<EventRow>;
  readonly #listByStateAndType: SqliteStatement<EventRow>;
  readonly #count: SqliteStatement<{ readonly count: number }>;
  readonly #requeue: SqliteStatement<never>;
  readonly #purge: SqliteStatement<never>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#insert = database.prepare(INBOX_SQL.insert);
    this.#state = database.prepare(INBOX_SQL.state);
    this.#find = database.prepare(INBOX_SQL.find);
    this.#claim = database.prepare(INBOX_SQL.claim);
    this.#settle = database.prepare(INBOX_SQL.settle);
    this.#due = database.prepare(INBOX_SQL.due);
    this.#list = database.prepare(INBOX_SQL.list);
    this.#listByState = database.prepare(INBOX_SQL.listByState);
    this.#listByType = database.prepare(INBOX_SQL.listByType);
    this.#listByStateAndType = database.prepare(INBOX_SQL.listByStateAndType);
    this.#count = database.prepare(INBOX_SQL.count);
    this.#requeue = database.prepare(INBOX_SQL.requeue);
    this.#purge = database.prepare(INBOX_SQL.purge);
  }

  /** {@inheritDoc} */
  receive(event: BillingEvent, now: Date, lease?: EventLease): Promise<EventState | "claimed"> {
    return this.#database.write("store the event", () => {
      const written = this.#insert.write({
        ...event,
        state: lease === undefined ? "received" : "processing",
        attempts: lease === undefined ? 0 : 1,
        now: encodeInstant(now),
        dueAt: encodeInstant(lease?.until ?? now),
        token: lease?.token ?? null,
        createdAt: encodeInstant(event.createdAt),
        livemode: event.livemode ? 1 : 0,
      });
      if (written === 1) {
        return lease === undefined ? "received" : "claimed";
      }
      return this.#state.first({ id: event.id })?.state ?? "received";
    });
  }

  /** {@inheritDoc} */
  find(eventId: string): Promise<InboxEvent | undefined> {
    return this.#database.read("read the event", () => {
      const row = this.#find.first({ id: eventId });
      return row && toInboxEvent(row);
    });
  }

  /** {@inheritDoc} */
  claim(
    eventId: string,
    { token, now, until }: EventLease & { now: Date },
  ): Promise<InboxEvent | undefined> {
    return this.#database.write("claim the event", () => {
      const row = this.#claim.first({
        id: eventId,
        token,
        now: encodeInstant(now),
        until: encodeInstant(until),
      });
      return row && toInboxEvent(row);
    });
  }

  /** {@inheritDoc} */
  settle(eventId: string, token: string, outcome: EventOutcome): Promise<boolean> {
    return this.#database.write("settle the event", () => {
      const written = this.#settle.write({
        id: eventId,
        token,
        state: outcome.state,
        reason: outcome.state === "done" ? null : outcome.reason,
        dueAt: outcome.state === "failed" ? encodeInstant(outcome.nextAttemptAt) : null,
      });
      return written === 1;
    });
  }

  /** {@inheritDoc} */
  due(at: { now: Date; receivedBefore: Date; limit: number }): Promise<readonly string[]> {
    return this.#database.read("list the events that are due", () => {
      const now = encodeInstant(at.now);
      const receivedBefore = encodeInstant(at.receivedBefore);
      return this.#due.all({ now, receivedBefore, limit: at.limit }).map(({ id }) => id);
    });
  }

  /** {@inheritDoc} */
  list(listing: EventListing): Promise<readonly InboxEvent[]> {
    return this.#database.read("list the events", () => {
      const { after } = listing;
      const receivedAt = after ? encodeInstant(after.receivedAt) : END_OF_TIME_MS;
      const page = { receivedAt, id: after?.eventId ?? "", limit: listing.limit };
      return this.#page(listing, page).map(toInboxEvent);
    });
  }

  #page({ state, type }: EventListing, page: SqliteParameters): readonly EventRow[] {
    if (state === undefined) {
      return type === undefined ? this.#list.all(page) : this.#listByType.all({ ...page, type });
    }
    return type === undefined
      ? this.#listByState.all({ ...page, state })
      : this.#listByStateAndType.all({ ...page, state, type });
  }

  /** {@inheritDoc} */
  count(): Promise<Readonly<Record<EventState, number>>> {
    return this.#database.read("count the events", () => {
      const counts = EVENT_STATES.map((state) => [state, this.#count.first({ state })?.count ?? 0]);
      return Object.fromEntries(counts) as Record<EventState, number>;
    });
  }

  /** {@inheritDoc} */
  requeue(eventId: string, now: Date): Promise<boolean> {
    return this.#database.write("requeue the event", () => {
      return this.#requeue.write({ id: eventId, now: encodeInstant(now) }) === 1;
    });
  }

  /** {@inheritDoc} */
  purge(old: { receivedBefore: Date; limit: number }): Promise<number> {
    return this.#database.write("remove old events", () => {
      const receivedBefore = encodeInstant(old.receivedBefore);
      return this.#purge.write({ receivedBefore, limit: old.limit });
    });
  }
}

function toInboxEvent(row: EventRow): InboxEvent {
  const { id, type, connectedAccount, customerId, payload, state, attempts, reason } = row;
  return {
    event: {
      id,
      type,
      createdAt: new Date(row.createdAt),
      livemode: row.livemode === 1,
      connectedAccount,
      customerId,
      payload,
    },
    state,
    attempts,
    reason,
    receivedAt: new Date(row.receivedAt),
    nextAttemptAt: state === "failed" ? decodeInstant(row.dueAt) : null,
  };
}
