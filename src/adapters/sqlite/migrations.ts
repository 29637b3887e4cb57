/** One step of the schema. */
export interface Migration {
  /** 1, 2, 3 ... without gaps. The database keeps the last one applied in `user_version`. */
  readonly version: number;
  /** Statements that lead here from the version before. */
  readonly sql: string;
}

/** Every step of the schema, in order. A step that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [
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
  {
    version: 7,
    sql: `
      -- tenant_id: NULL where it concerns no tenant. revision: of the account, at the last look.
      CREATE TABLE attention_items (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        tenant_id TEXT,
        subject TEXT NOT NULL,
        since INTEGER NOT NULL,
        message TEXT NOT NULL,
        action TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'resolved', 'gone')),
        resolved_at INTEGER CHECK ((state = 'open') = (resolved_at IS NULL)),
        resolved_by TEXT CHECK (state <> 'open' OR resolved_by IS NULL),
        revision INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX attention_items_by_since ON attention_items (since, id);
      CREATE INDEX attention_items_by_state ON attention_items (state, since, id);
      CREATE INDEX attention_items_by_tenant ON attention_items (tenant_id, since, id);
    `,
  },
  {
    version: 8,
    sql: `
      -- standing: NULL until the first look by a release that keeps it.
      ALTER TABLE accounts ADD COLUMN standing TEXT;
      ALTER TABLE accounts ADD COLUMN known_since INTEGER;
      ALTER TABLE accounts ADD COLUMN in_force TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE accounts ADD COLUMN ended_duplicates TEXT NOT NULL DEFAULT '[]';
      UPDATE accounts SET in_force = json_array(json_extract(subscription, '$.id'))
        WHERE subscription IS NOT NULL AND paid_period IS NOT NULL;
      ALTER TABLE accounts DROP COLUMN paid_period;

      -- months: NULL in entries of releases that kept only the grant in force.
      ALTER TABLE ledger_entries ADD COLUMN months TEXT;
    `,
  },
  {
    version: 9,
    sql: `
      -- month: the name of the month in force, empty until the first look by a release that names
      -- months. inherited: part of used. months: all that are kept; of the one in force, used
      -- counts.
      ALTER TABLE email_usage ADD COLUMN month TEXT NOT NULL DEFAULT '';
      ALTER TABLE email_usage ADD COLUMN inherited INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE email_usage ADD COLUMN months TEXT NOT NULL DEFAULT '';
      UPDATE email_usage SET months = (
        SELECT json_object('months', json_group_array(json_object(
            'name', name, 'subscriptionId', NULL, 'start', first, 'end', last,
            'allowance', allowance, 'own', own, 'inherited', 0, 'from', NULL,
            'missed', json('false'))),
          'current', 'free:' || strftime('%Y-%m-%dT%H:%M:%S', email_usage.period_start / 1000,
            'unixepoch') || printf('.%03dZ', email_usage.period_start % 1000),
          'since', 0, 'healings', 0, 'displaced', 0)
        FROM (SELECT *, 'free:' || strftime('%Y-%m-%dT%H:%M:%S', first / 1000, 'unixepoch')
            || printf('.%03dZ', first % 1000) AS name
          FROM (SELECT 0 AS rank, past.period_start AS first,
              past.period_start + 31 * 86400000 AS last, 0 AS allowance, past.used AS own
            FROM email_usage_periods AS past
            WHERE past.tenant_id = email_usage.tenant_id
              AND past.period_start <> email_usage.period_start
            UNION ALL SELECT 1, email_usage.period_start, email_usage.period_end,
              email_usage.quota_limit, email_usage.used)
          ORDER BY rank, first));
      DROP TRIGGER email_usage_moves_on;
      DROP TABLE email_usage_periods;

      -- month: the name of the month that it was counted in; NULL where only its start is known.
      ALTER TABLE email_sends ADD COLUMN month TEXT;
      DROP TRIGGER email_sends_give_back;
      CREATE TRIGGER email_sends_give_back AFTER UPDATE OF given_back ON email_sends
        BEGIN
          UPDATE email_usage SET used = max(used - NEW.given_back, inherited)
            WHERE tenant_id = NEW.tenant_id AND (month = NEW.month
              OR NEW.month IS NULL AND period_start = NEW.period_start);
        END;
    `,
  },
  {
    version: 10,
    sql: `
      -- key_id: NULL for a plain hash, of releases and installations without keys.
      ALTER TABLE ledger_entries ADD COLUMN key_id TEXT;

      -- The last entry of each ledger a second time, and under the empty id the mark that every
      -- ledger has a head.
      CREATE TABLE ledger_heads (
        tenant_id TEXT NOT NULL PRIMARY KEY,
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL,
        key_id TEXT,
        seal TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      INSERT INTO ledger_heads (tenant_id, seq, hash, seal)
        SELECT tenant_id, seq, hash, '' FROM ledger_entries AS entry
          WHERE seq = (SELECT max(seq) FROM ledger_entries AS other
            WHERE other.tenant_id = entry.tenant_id);
      INSERT INTO ledger_heads (tenant_id, seq, hash, seal) VALUES ('', 0, '', '');
    `,
  },
  {
    version: 11,
    sql: `
      -- seq: the number that the reservation's entry was to have; NULL in reminders of version 0.1.0.
      ALTER TABLE reservation_reminders ADD COLUMN seq INTEGER;
      DROP INDEX reservation_reminders_by_expires_at;
    `,
  },
];
