import { DatabaseSync } from "node:sqlite";

/**
 * The least that an append-only ledger with balances takes: reading the last entry and inserting
 * the next by prepared statements, durable when it returns. No hash, no seal, no months.
 */
export function rawLedger(path: string): { append(number: number): void; close(): void } {
  const connection = new DatabaseSync(path);
  connection.exec(`
    PRAGMA journal_mode = wal;
    PRAGMA synchronous = FULL;
    CREATE TABLE entries (
      tenant TEXT, seq INTEGER, key TEXT, amount INTEGER, balance INTEGER, at INTEGER,
      PRIMARY KEY (tenant, seq), UNIQUE (tenant, key)
    ) STRICT;
    INSERT INTO entries VALUES ('one', 1, 'grant', 1000000000, 1000000000, 0)`);
  const last = connection.prepare(
    "SELECT seq, balance FROM entries WHERE tenant = 'one' ORDER BY seq DESC LIMIT 1",
  );
  const insert = connection.prepare("INSERT INTO entries VALUES ('one', ?, ?, -1, ?, ?)");
  return {
    append(number) {
      const { seq, balance } = last.get() ?? {};
      insert.run(Number(seq) + 1, `debit ${number}`, Number(balance) - 1, Date.now());
    },
    close: () => connection.close(),
  };
}
