import type { Migration } from "./migration.ts";

/** The migrations up to release 0.1.0, in order. Never change one. */
export const FIRST_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE accounts (
        tenant_id TEXT NOT NULL PRIMARY KEY,
        revision INTEGER NOT NULL CHECK (revision > 0),
        customer_id TEXT,
        subscription TEXT,
        paid_period TEXT,
        checkout TEXT
      ) STRICT;
      CREATE UNIQUE INDEX accounts_by_customer ON accounts (customer_id);

      CREATE TABLE ledger_entries (
        tenant_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        amount INTEGER NOT NULL,
        expired INTEGER NOT NULL,
        monthly INTEGER NOT NULL,
        packs INTEGER NOT NULL,
        debt INTEGER NOT NULL,
        month_grant TEXT,
        at INTEGER NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (tenant_id, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX ledger_entries_by_key ON ledger_entries (tenant_id, key);

      -- due_at: since when the event waits for handling: when it was received, when its next
      -- attempt is due, or when its lease runs out. NULL in the states that end well or are dead.
      CREATE TABLE events (
        id TEXT NOT NULL PRIMARY KEY,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT,
        received_at INTEGER NOT NULL,
        due_at INTEGER,
        lease_token TEXT,
        type TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        livemode INTEGER NOT NULL CHECK (livemode IN (0, 1)),
        connected_account TEXT,
        customer_id TEXT,
        payload TEXT NOT NULL,
        CHECK ((state IN ('received', 'failed', 'processing')) = (due_at IS NOT NULL)),
        CHECK ((state = 'processing') = (lease_token IS NOT NULL))
      ) STRICT;
      CREATE INDEX events_by_due_at ON events (due_at, id, state) WHERE due_at IS NOT NULL;

      CREATE TABLE catalog (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
        revision INTEGER NOT NULL CHECK (revision > 0),
        content TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    version: 2,
    sql: `
      -- The quota in force and what is used of it. quota_limit and ceiling: NULL is unlimited.
      CREATE TABLE email_usage (
        tenant_id TEXT NOT NULL PRIMARY KEY,
        account_revision INTEGER NOT NULL,
        catalog_revision INTEGER NOT NULL,
        decided_at INTEGER NOT NULL,
        valid_until INTEGER NOT NULL,
        period_start INTEGER NOT NULL,
        period_end INTEGER NOT NULL,
        quota_limit INTEGER,
        ceiling INTEGER,
        used INTEGER NOT NULL CHECK (used >= 0)
      ) STRICT, WITHOUT ROWID;

      -- Where the periods ended that were in force before.
      CREATE TABLE email_usage_periods (
        tenant_id TEXT NOT NULL,
        period_start INTEGER NOT NULL,
        used INTEGER NOT NULL,
        PRIMARY KEY (tenant_id, period_start)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER email_usage_moves_on AFTER UPDATE OF period_start ON email_usage
        WHEN OLD.period_start <> NEW.period_start
        BEGIN
          INSERT INTO email_usage_periods (tenant_id, period_start, used)
            VALUES (OLD.tenant_id, OLD.period_start, OLD.used)
            ON CONFLICT (tenant_id, period_start) DO UPDATE SET used = excluded.used;
        END;

      -- Sends under a key, and leases. given_back: NULL until the send is given back or the
      -- lease has ended. promised, lease_until: leases only.
      CREATE TABLE email_sends (
        tenant_id TEXT NOT NULL,
        key TEXT NOT NULL,
        count INTEGER NOT NULL CHECK (count > 0),
        period_start INTEGER NOT NULL,
        given_back INTEGER CHECK (given_back BETWEEN 0 AND count),
        promised INTEGER,
        lease_until INTEGER,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (tenant_id, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX email_sends_by_expires_at ON email_sends (expires_at);
      CREATE INDEX open_leases ON email_sends (tenant_id, lease_until)
        WHERE lease_until IS NOT NULL AND given_back IS NULL;

      -- Counting and remembering the key are one statement, and so one step.
      CREATE TRIGGER email_sends_count AFTER INSERT ON email_sends
        BEGIN
          UPDATE email_usage SET used = used + NEW.count WHERE tenant_id = NEW.tenant_id;
        END;
      CREATE TRIGGER email_sends_give_back AFTER UPDATE OF given_back ON email_sends
        BEGIN
          UPDATE email_usage SET used = max(used - NEW.given_back, 0)
            WHERE tenant_id = NEW.tenant_id AND period_start = NEW.period_start;
        END;
    `,
  },
  {
    version: 3,
    sql: `
      CREATE INDEX events_by_received_at ON events (received_at, id);
      CREATE INDEX events_by_state ON events (state, received_at, id);
      CREATE INDEX events_by_type ON events (type, received_at, id);
    `,
  },
  {
    version: 4,
    sql: `
      ALTER TABLE ledger_entries ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE ledger_entries ADD COLUMN hold TEXT;
      ALTER TABLE ledger_entries ADD COLUMN reason TEXT;
      ALTER TABLE ledger_entries ADD COLUMN source TEXT;
      ALTER TABLE ledger_entries ADD COLUMN halted INTEGER NOT NULL DEFAULT 0
        CHECK (halted IN (0, 1));

      -- When to look at a reservation again; the ledger says what is reserved.
      CREATE TABLE reservation_reminders (
        tenant_id TEXT NOT NULL,
        key TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (tenant_id, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX reservation_reminders_by_expires_at ON reservation_reminders (expires_at);
      CREATE INDEX reservation_reminders_by_tenant
        ON reservation_reminders (tenant_id, expires_at);
    `,
  },
  {
    version: 5,
    sql: `
      ALTER TABLE accounts ADD COLUMN last_change TEXT;

      CREATE TABLE audit_entries (
        tenant_id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        change TEXT NOT NULL,
        PRIMARY KEY (tenant_id, revision)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 6,
    sql: `
      -- Entries that tell where tokens came from, without those that spend.
      CREATE INDEX ledger_supplies ON ledger_entries (tenant_id, seq)
        WHERE kind IN ('grant', 'expire', 'pack', 'reversal', 'adjustment');
    `,
  },
];
