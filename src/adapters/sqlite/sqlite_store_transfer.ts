import type { InboxEvent } from "../../application/ports/events/event_inbox.ts";
import type { Delivery } from "../../application/ports/notifications/delivery_store.ts";
import type {
  NotificationRecord,
  NotificationRecordKind,
} from "../../application/ports/notifications/notification_records.ts";
import {
  type IdPage,
  type Restored,
  restoredEvent,
  type StoreTransfer,
} from "../../application/ports/store_transfer.ts";
import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import { accountColumns } from "./account_row.ts";
import {
  DELIVERY_COLUMNS,
  type DeliveryRow,
  toDelivery,
} from "./notifications/sqlite_delivery_store.ts";
import { encodeTurns } from "./sqlite_attention_store.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";
import { encodeInstant } from "./stored_json.ts";

/** The SQL of {@link SqliteStoreTransfer}. */
export const TRANSFER_SQL = {
  restoreAccount: `INSERT INTO accounts
      (tenant_id, revision, customer_id, subscription, standing, known_since, looked_at, seen,
      in_force, ended_duplicates, checkout, ending, last_change)
    VALUES (:tenantId, :revision, :customerId, :subscription, :standing, :knownSince, :lookedAt,
      :seen, :inForce, :endedDuplicates, :checkout, :ending, :lastChange)
    ON CONFLICT (tenant_id) DO NOTHING`,
  restoreAttention: `INSERT INTO attention_items (id, kind, tenant_id, subject, since, message,
      action, state, resolved_at, resolved_by, revision, turns, untold)
    VALUES (:id, :kind, :tenantId, :subject, :since, :message, :action, :state, :resolvedAt,
      :resolvedBy, :revision, :turns, :untold)
    ON CONFLICT (id) DO NOTHING`,
  restoreCatalog: `INSERT INTO catalog (id, revision, content) VALUES (1, :revision, :content)
    ON CONFLICT (id) DO NOTHING`,
  restoreEvent: `INSERT INTO events (id, state, attempts, reason, received_at, due_at, type,
      created_at, livemode, connected_account, customer_id, payload)
    VALUES (:id, :state, :attempts, :reason, :receivedAt, :dueAt, :type, :createdAt, :livemode,
      :connectedAccount, :customerId, :payload)
    ON CONFLICT (id) DO NOTHING`,
  notificationRecords: `SELECT id, version, content FROM notification_records
    WHERE kind = :kind AND id >= :from AND id IS NOT :after ORDER BY id LIMIT :limit`,
  restoreNotificationRecord: `INSERT INTO notification_records (kind, id, version, content)
    VALUES (:kind, :id, :version, :content)
    ON CONFLICT (kind, id) DO NOTHING`,
  deliveries: `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE id > :after
    ORDER BY id LIMIT :limit`,
  restoreDelivery: `INSERT INTO deliveries (id, target_id, lane, position, type, body, created_at,
      state, due_at, attempts, claims, log)
    VALUES (:id, :targetId, :lane, :position, :type, :body, :createdAt, :state, :dueAt, :attempts,
      :claims, :log)
    ON CONFLICT (id) DO NOTHING`,
} as const;

/** Reads and restores the content of a SQLite database. */
export class SqliteStoreTransfer implements StoreTransfer {
  readonly #database: SqliteDatabase;
  readonly #restoreAccount: SqliteStatement<never>;
  readonly #restoreAttention: SqliteStatement<never>;
  readonly #restoreCatalog: SqliteStatement<never>;
  readonly #restoreEvent: SqliteStatement<never>;
  readonly #notificationRecords: SqliteStatement<NotificationRecord>;
  readonly #restoreNotificationRecord: SqliteStatement<never>;
  readonly #deliveries: SqliteStatement<DeliveryRow>;
  readonly #restoreDelivery: SqliteStatement<never>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#restoreAccount = database.prepare(TRANSFER_SQL.restoreAccount);
    this.#restoreAttention = database.prepare(TRANSFER_SQL.restoreAttention);
    this.#restoreCatalog = database.prepare(TRANSFER_SQL.restoreCatalog);
    this.#restoreEvent = database.prepare(TRANSFER_SQL.restoreEvent);
    this.#notificationRecords = database.prepare(TRANSFER_SQL.notificationRecords);
    this.#restoreNotificationRecord = database.prepare(TRANSFER_SQL.restoreNotificationRecord);
    this.#deliveries = database.prepare(TRANSFER_SQL.deliveries);
    this.#restoreDelivery = database.prepare(TRANSFER_SQL.restoreDelivery);
  }

  /** {@inheritDoc} */
  restoreAccount(account: AccountRecord): Promise<Restored> {
    const { tenantId, revision } = account;
    return this.#database.write("restore the account", () =>
      restored(this.#restoreAccount, { tenantId, revision, ...accountColumns(account) }),
    );
  }

  /** {@inheritDoc} */
  restoreAttention({ since, resolvedAt, untold, ...item }: AttentionRecord): Promise<Restored> {
    return this.#database.write("restore an attention item", () =>
      restored(this.#restoreAttention, {
        ...item,
        since: encodeInstant(since),
        resolvedAt: resolvedAt && encodeInstant(resolvedAt),
        untold: encodeTurns(untold),
      }),
    );
  }

  /** {@inheritDoc} */
  restoreCatalog({ revision, ...content }: Catalog): Promise<Restored> {
    return this.#database.write("restore the catalogue", () =>
      restored(this.#restoreCatalog, { revision, content: JSON.stringify(content) }),
    );
  }

  /** {@inheritDoc} */
  restoreEvent(event: InboxEvent): Promise<Restored> {
    return this.#database.write("restore the event", () =>
      restored(this.#restoreEvent, toParameters(restoredEvent(event))),
    );
  }

  /** {@inheritDoc} */
  notificationRecords(
    kind: NotificationRecordKind,
    { after, limit }: IdPage,
  ): Promise<readonly NotificationRecord[]> {
    return this.#database.read("list notification records", () =>
      this.#notificationRecords
        .all({ kind, from: after ?? "", after: after ?? null, limit })
        .map((row) => ({ ...row })),
    );
  }

  /** {@inheritDoc} */
  restoreNotificationRecord(
    kind: NotificationRecordKind,
    record: NotificationRecord,
  ): Promise<Restored> {
    return this.#database.write("restore a notification record", () =>
      restored(this.#restoreNotificationRecord, { kind, ...record }),
    );
  }

  /** {@inheritDoc} */
  deliveries({ after = "", limit }: IdPage): Promise<readonly Delivery[]> {
    return this.#database.read("list deliveries", () =>
      this.#deliveries.all({ after, limit }).map(toDelivery),
    );
  }

  /** {@inheritDoc} */
  restoreDelivery({ createdAt, dueAt, log, ...delivery }: Delivery): Promise<Restored> {
    return this.#database.write("restore a delivery", () =>
      restored(this.#restoreDelivery, {
        ...delivery,
        createdAt: encodeInstant(createdAt),
        dueAt: dueAt && encodeInstant(dueAt),
        log: JSON.stringify(log.map((made) => ({ ...made, at: encodeInstant(made.at) }))),
      }),
    );
  }
}

function restored(insert: SqliteStatement<never>, parameters: SqliteParameters): Restored {
  return insert.write(parameters) === 1 ? "restored" : "exists";
}

function toParameters({ event, ...standing }: InboxEvent): SqliteParameters {
  const { state, attempts, reason, receivedAt, nextAttemptAt } = standing;
  const dueAt = state === "received" ? receivedAt : nextAttemptAt;
  return {
    ...event,
    createdAt: encodeInstant(event.createdAt),
    livemode: event.livemode ? 1 : 0,
    state,
    attempts,
    reason,
    receivedAt: encodeInstant(receivedAt),
    dueAt: dueAt && encodeInstant(dueAt),
  };
}
