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
];
