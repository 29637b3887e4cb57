import type { InboxEvent } from "../../application/ports/events/event_inbox.ts";
import {
  type Restored,
  restoredEvent,
  type StoreTransfer,
} from "../../application/ports/store_transfer.ts";
import type { TenantPage } from "../../application/ports/subscription/account_store.ts";
import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import { accountColumns } from "./account_row.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";
import { encodeInstant } from "./stored_json.ts";

/** The SQL of {@link SqliteStoreTransfer}. */
export const TRANSFER_SQL = {
  emailTenants: `SELECT tenant_id AS tenantId FROM email_usage WHERE tenant_id > :after
    ORDER BY tenant_id LIMIT :limit`,
  restoreAccount: `INSERT INTO accounts
      (tenant_id, revision, customer_id, subscription, standing, known_since, looked_at, in_force,
      ended_duplicates, checkout, last_change)
    VALUES (:tenantId, :revision, :customerId, :subscription, :standing, :knownSince, :lookedAt,
      :inForce, :endedDuplicates, :checkout, :lastChange)
    ON CONFLICT (tenant_id) DO NOTHING`,
  restoreAttention: `INSERT INTO attention_items (id, kind, tenant_id, subject, since, message,
      action, state, resolved_at, resolved_by, revision)
    VALUES (:id, :kind, :tenantId, :subject, :since, :message, :action, :state, :resolvedAt,
      :resolvedBy, :revision)
    ON CONFLICT (id) DO NOTHING`,
  restoreCatalog: `INSERT INTO catalog (id, revision, content) VALUES (1, :revision, :content)
    ON CONFLICT (id) DO NOTHING`,
  restoreEvent: `INSERT INTO events (id, state, attempts, reason, received_at, due_at, type,
      created_at, livemode, connected_account, customer_id, payload)
    VALUES (:id, :state, :attempts, :reason, :receivedAt, :dueAt, :type, :createdAt, :livemode,
      :connectedAccount, :customerId, :payload)
    ON CONFLICT (id) DO NOTHING`,
} as const;

/** Reads and restores the content of a SQLite database. */
export class SqliteStoreTransfer implements StoreTransfer {
  readonly #database: SqliteDatabase;
  readonly #emailTenants: SqliteStatement<{ readonly tenantId: string }>;
  readonly #restoreAccount: SqliteStatement<never>;
  readonly #restoreAttention: SqliteStatement<never>;
  readonly #restoreCatalog: SqliteStatement<never>;
  readonly #restoreEvent: SqliteStatement<never>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#emailTenants = database.prepare(TRANSFER_SQL.emailTenants);
    this.#restoreAccount = database.prepare(TRANSFER_SQL.restoreAccount);
    this.#restoreAttention = database.prepare(TRANSFER_SQL.restoreAttention);
    this.#restoreCatalog = database.prepare(TRANSFER_SQL.restoreCatalog);
    this.#restoreEvent = database.prepare(TRANSFER_SQL.restoreEvent);
  }

  /** {@inheritDoc} */
  emailTenants({ after = "", limit }: TenantPage): Promise<readonly string[]> {
    return this.#database.attempt("list the tenants that send e-mails", () =>
      this.#emailTenants.all({ after, limit }).map(({ tenantId }) => tenantId),
    );
  }

  /** {@inheritDoc} */
  restoreAccount(account: AccountRecord): Promise<Restored> {
    const { tenantId, revision } = account;
    return this.#database.attempt("restore the account", () =>
      restored(this.#restoreAccount, { tenantId, revision, ...accountColumns(account) }),
    );
  }

  /** {@inheritDoc} */
  restoreAttention({ since, resolvedAt, ...item }: AttentionRecord): Promise<Restored> {
    return this.#database.attempt("restore an attention item", () =>
      restored(this.#restoreAttention, {
        ...item,
        since: encodeInstant(since),
        resolvedAt: resolvedAt && encodeInstant(resolvedAt),
      }),
    );
  }

  /** {@inheritDoc} */
  restoreCatalog({ revision, ...content }: Catalog): Promise<Restored> {
    return this.#database.attempt("restore the catalogue", () =>
      restored(this.#restoreCatalog, { revision, content: JSON.stringify(content) }),
    );
  }

  /** {@inheritDoc} */
  restoreEvent(event: InboxEvent): Promise<Restored> {
    return this.#database.attempt("restore the event", () =>
      restored(this.#restoreEvent, toParameters(restoredEvent(event))),
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
