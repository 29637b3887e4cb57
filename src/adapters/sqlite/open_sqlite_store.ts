import { chmodSync, closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { MovableStore } from "../../application/ports/store_transfer.ts";
import { SqliteRequestCountStore } from "./limits/sqlite_request_count_store.ts";
import { migrate } from "./migrate.ts";
import { SqliteDeliveryStore } from "./notifications/sqlite_delivery_store.ts";
import { SqliteNotificationRecords } from "./notifications/sqlite_notification_records.ts";
import { EmailUsageRows } from "./quota/email_usage_rows.ts";
import { SqliteEmailLeaseStore } from "./quota/sqlite_email_lease_store.ts";
import { SqliteEmailUsageStore } from "./quota/sqlite_email_usage_store.ts";
import { SqliteAccountStore } from "./sqlite_account_store.ts";
import { SqliteAttentionStore } from "./sqlite_attention_store.ts";
import { SqliteAuditStore } from "./sqlite_audit_store.ts";
import { SqliteCatalogStore } from "./sqlite_catalog_store.ts";
import { SqliteDatabase } from "./sqlite_database.ts";
import { SqliteEventInbox } from "./sqlite_event_inbox.ts";
import { sqliteFailure } from "./sqlite_failure.ts";
import { SqliteLedgerHeadStore } from "./sqlite_ledger_head_store.ts";
import { SqliteStoreTransfer } from "./sqlite_store_transfer.ts";
import { SqliteTokenLedgerStore } from "./sqlite_token_ledger_store.ts";
import { SqliteTokenReservationStore } from "./sqlite_token_reservation_store.ts";
import { SqliteTopUpStore } from "./sqlite_top_up_store.ts";

const MEMORY = ":memory:";

const OPEN_RETRY_MS = 5;
/**
 * Pages kept in memory, at most; SQLite's 2 MB hold those of a thousand tenants. In files below 1 GB,
 * a commit that has split a page looks at every page that is kept, so many more would cost more than
 * they spare.
 */
const CACHE_KIB = 8_192;

/**
 * Opens the store in a SQLite database; creates the file, its folder and its tables if they are
 * missing. Several processes may use one file at once. What a call has resolved survives the end of
 * the process and a power failure.
 *
 * @param path the file, or `:memory:` for a store that vanishes when it is closed
 * @param options.busyTimeoutMs how long a write waits for another process, in milliseconds
 * @throws {PortError} if the file cannot be opened, is not a database, or is not ours
 */
export function openSqliteStore(
  path: string,
  { busyTimeoutMs = 2_000 }: { busyTimeoutMs?: number } = {},
): MovableStore {
  // While another process creates the file, changes its journal mode or is the last to close it,
  // SQLite refuses some statements without waiting, so this loop waits.
  const deadline = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      return openOnce(path, busyTimeoutMs);
    } catch (error) {
      const failure = sqliteFailure(`open the store "${path}"`, error);
      if (!failure.transient || performance.now() >= deadline) {
        throw failure;
      }
      pause(OPEN_RETRY_MS);
    }
  }
}

const OWNER_ONLY = 0o600;

function openOnce(path: string, busyTimeoutMs: number): MovableStore {
  const file = path === MEMORY ? MEMORY : resolve(path);
  if (file !== MEMORY) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    keepToOwner(file);
  }
  const connection = new DatabaseSync(file);
  try {
    configure(connection, { busyTimeoutMs, journalMode: file === MEMORY ? "memory" : "wal" });
    migrate(connection);
    // From here on, calls wait on their own: while SQLite waits, the whole process is blocked.
    connection.exec("PRAGMA busy_timeout = 0");
    return storesOf(new SqliteDatabase(connection, { busyTimeoutMs }));
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Makes the file readable by its owner only; the files beside it inherit its mode. */
function keepToOwner(file: string): void {
  try {
    closeSync(openSync(file, "a", OWNER_ONLY));
    if ((statSync(file).mode & 0o077) !== 0) {
      chmodSync(file, OWNER_ONLY);
    }
  } catch {
    // SQLite reports a bad path itself; the mode of somebody else's file is their business.
  }
}

/** Returns the machine's clock, which SQLite reads, too. */
function databaseTime(database: SqliteDatabase): Promise<Date> {
  return database.read("read the database's time", () => {
    const sql = "SELECT unixepoch('subsec') AS seconds";
    const { seconds = Number.NaN } = database.prepare<{ seconds: number }>(sql).first({}) ?? {};
    return new Date(Math.round(seconds * 1_000));
  });
}

function storesOf(database: SqliteDatabase): MovableStore {
  const emails = new EmailUsageRows(database);
  const ledgerHeads = new SqliteLedgerHeadStore(database);
  const reservations = new SqliteTokenReservationStore(database);
  const catalog = new SqliteCatalogStore(database);
  return {
    accounts: new SqliteAccountStore(database, (revision) => catalog.note(revision)),
    attention: new SqliteAttentionStore(database),
    audit: new SqliteAuditStore(database),
    ledger: new SqliteTokenLedgerStore(database, { heads: ledgerHeads, reservations }),
    ledgerHeads,
    reservations,
    topUps: new SqliteTopUpStore(database),
    inbox: new SqliteEventInbox(database),
    catalog,
    emailUsage: new SqliteEmailUsageStore(emails),
    emailLeases: new SqliteEmailLeaseStore(emails),
    notificationRecords: new SqliteNotificationRecords(database),
    deliveries: new SqliteDeliveryStore(database),
    requestCounts: new SqliteRequestCountStore(database),
    transfer: new SqliteStoreTransfer(database),
    now: () => databaseTime(database),
    missingIndexes: async () => [],
    close: () => database.close(),
  };
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function configure(
  connection: DatabaseSync,
  { busyTimeoutMs, journalMode }: { busyTimeoutMs: number; journalMode: string },
): void {
  connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  const mode = connection.prepare(`PRAGMA journal_mode = ${journalMode}`).get();
  if (mode?.journal_mode !== journalMode) {
    throw new Error("its file system does not support a write-ahead log");
  }
  connection.exec("PRAGMA synchronous = FULL");
  connection.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  connection.exec("PRAGMA foreign_keys = ON");
}
