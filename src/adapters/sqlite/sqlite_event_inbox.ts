import type { EventInbox, InboxEvent } from "../../application/ports/event_inbox.ts";
import type { BillingEvent, EventOutcome, EventState } from "../../domain/billing_event.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite_database.ts";
import { decodeInstant, encodeInstant } from "./stored_json.ts";

const COLUMNS = `id, state, attempts, reason, received_at AS receivedAt, due_at AS dueAt, type,
  created_at AS createdAt, livemode, connected_account AS connectedAccount,
  customer_id AS customerId, payload`;

/** The SQL of {@link SqliteEventInbox}. */
export const INBOX_SQL = {
  insert: `INSERT INTO events (id, state, attempts, received_at, due_at, type, created_at, livemode,
      connected_account, customer_id, payload)
    VALUES (:id, 'received', 0, :now, :now, :type, :createdAt, :livemode, :connectedAccount,
      :customerId, :payload)
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
  due: `SELECT id FROM events WHERE due_at <= max(:now, :receivedBefore)
      AND ((state = 'received' AND due_at < :receivedBefore)
        OR (state IN ('failed', 'processing') AND due_at <= :now))
    ORDER BY due_at, id LIMIT :limit`,
} as const;

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

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#insert = database.prepare(INBOX_SQL.insert);
    this.#state = database.prepare(INBOX_SQL.state);
    this.#find = database.prepare(INBOX_SQL.find);
    this.#claim = database.prepare(INBOX_SQL.claim);
    this.#settle = database.prepare(INBOX_SQL.settle);
    this.#due = database.prepare(INBOX_SQL.due);
  }

  /** {@inheritDoc} */
  receive(event: BillingEvent, now: Date): Promise<EventState> {
    return this.#database.attempt("store the event", () => {
      const written = this.#insert.write({
        ...event,
        now: encodeInstant(now),
        createdAt: encodeInstant(event.createdAt),
        livemode: event.livemode ? 1 : 0,
      });
      const stored = written === 1 ? undefined : this.#state.first({ id: event.id });
      return stored?.state ?? "received";
    });
  }

  /** {@inheritDoc} */
  find(eventId: string): Promise<InboxEvent | undefined> {
    return this.#database.attempt("read the event", () => {
      const row = this.#find.first({ id: eventId });
      return row && toInboxEvent(row);
    });
  }

  /** {@inheritDoc} */
  claim(
    eventId: string,
    { token, now, until }: { token: string; now: Date; until: Date },
  ): Promise<InboxEvent | undefined> {
    return this.#database.attempt("claim the event", () => {
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
    return this.#database.attempt("settle the event", () => {
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
    return this.#database.attempt("list the events that are due", () => {
      const now = encodeInstant(at.now);
      const receivedBefore = encodeInstant(at.receivedBefore);
      return this.#due.all({ now, receivedBefore, limit: at.limit }).map(({ id }) => id);
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
