import { FIRST_MIGRATIONS } from "./first_migrations.ts";
import type { Migration } from "./migration.ts";

/** All migrations, in order. Never change a released one. */
export const MIGRATIONS: readonly Migration[] = [
  ...FIRST_MIGRATIONS,
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
  {
    version: 12,
    sql: `
      -- content: JSON. kind: who is told, what a tenant wants to hear, how far it was told.
      CREATE TABLE notification_records (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (kind, id)
      ) STRICT, WITHOUT ROWID;

      -- due_at: NULL unless it waits. log: the last attempts, as JSON.
      CREATE TABLE deliveries (
        id TEXT NOT NULL PRIMARY KEY,
        target_id TEXT NOT NULL,
        lane TEXT NOT NULL,
        position INTEGER NOT NULL,
        type TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead')),
        due_at INTEGER CHECK ((state = 'waiting') = (due_at IS NOT NULL)),
        attempts INTEGER NOT NULL,
        claims INTEGER NOT NULL,
        log TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX deliveries_by_due_at ON deliveries (due_at, position, id)
        WHERE due_at IS NOT NULL;
      CREATE INDEX deliveries_by_lane ON deliveries (lane, position, id) WHERE due_at IS NOT NULL;
      CREATE INDEX deliveries_by_target ON deliveries (target_id, created_at, id);
      CREATE INDEX deliveries_by_age ON deliveries (created_at);
    `,
  },
  {
    version: 13,
    sql: `
      -- NULL until the first look by a release that keeps it.
      ALTER TABLE accounts ADD COLUMN looked_at INTEGER;
    `,
  },
  {
    version: 14,
    sql: `
      -- history: months that "months" no longer keeps.
      ALTER TABLE email_usage ADD COLUMN history TEXT NOT NULL DEFAULT '[]';

      -- due_at: NULL unless a purchase is under way. content: JSON.
      CREATE TABLE top_ups (
        tenant_id TEXT NOT NULL PRIMARY KEY,
        version INTEGER NOT NULL,
        due_at INTEGER,
        content TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX top_ups_by_due_at ON top_ups (due_at, tenant_id) WHERE due_at IS NOT NULL;
    `,
  },
  {
    version: 15,
    sql: `
      -- ends_at: of the minute in which a process counted requests under a key.
      CREATE TABLE request_counts (
        ends_at INTEGER NOT NULL,
        key TEXT NOT NULL,
        process TEXT NOT NULL,
        hits INTEGER NOT NULL,
        PRIMARY KEY (ends_at, key, process)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 16,
    sql: `
      -- How many events are in each state; triggers keep it.
      CREATE TABLE event_counts (
        state TEXT NOT NULL PRIMARY KEY,
        count INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      INSERT INTO event_counts (state, count) SELECT state, count(*) FROM events GROUP BY state;
      CREATE TRIGGER events_counted AFTER INSERT ON events BEGIN
        INSERT INTO event_counts (state, count) VALUES (new.state, 1)
          ON CONFLICT (state) DO UPDATE SET count = count + 1;
      END;
      CREATE TRIGGER events_recounted AFTER UPDATE OF state ON events
        WHEN old.state <> new.state BEGIN
        UPDATE event_counts SET count = count - 1 WHERE state = old.state;
        INSERT INTO event_counts (state, count) VALUES (new.state, 1)
          ON CONFLICT (state) DO UPDATE SET count = count + 1;
      END;
      CREATE TRIGGER events_uncounted AFTER DELETE ON events BEGIN
        UPDATE event_counts SET count = count - 1 WHERE state = old.state;
      END;
    `,
  },
  {
    version: 17,
    sql: `
      -- ending: JSON; NULL unless the tenant was ended.
      ALTER TABLE accounts ADD COLUMN ending TEXT;
    `,
  },
  {
    version: 18,
    sql: `
      -- untold: turns of which nobody was told yet, as JSON.
      ALTER TABLE attention_items ADD COLUMN turns INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE attention_items ADD COLUMN untold TEXT NOT NULL DEFAULT '[]';
      CREATE INDEX attention_items_untold ON attention_items (tenant_id) WHERE untold <> '[]';

      -- refused_at: of the first refusal in the month in force. marks: what months were when
      -- others came into force, or their limits changed, as JSON.
      ALTER TABLE email_usage ADD COLUMN refused_at INTEGER;
      ALTER TABLE email_usage ADD COLUMN marks TEXT NOT NULL DEFAULT '[]';
    `,
  },
  {
    version: 19,
    sql: `
      -- seen: JSON; NULL where a comparison needs a look.
      ALTER TABLE accounts ADD COLUMN seen TEXT;
    `,
  },
  {
    version: 20,
    sql: `
      -- Sends are forgotten by a walk through the table: a place in an index of those to forget cost
      -- a page with each send. The row says how far the walk has come.
      DROP INDEX email_sends_by_expires_at;
      CREATE TABLE email_sends_walk (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
        tenant TEXT NOT NULL,
        key TEXT NOT NULL
      ) STRICT;
      INSERT INTO email_sends_walk (id, tenant, key) VALUES (1, '', '');
    `,
  },
];
