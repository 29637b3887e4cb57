import type { DatabaseSync } from "node:sqlite";
import { Transactions } from "./connection/transactions.ts";
import type { Migration } from "./migration.ts";
import { MIGRATIONS } from "./migrations.ts";

/** The `application_id` of our databases: "MCBL" in ASCII. */
const APPLICATION_ID = 0x4d43424c;

/**
 * Migrates a database to the newest schema in one transaction; writes nothing if it is up to date.
 * Several processes may do so at once.
 *
 * @throws {Error} that names the state of a database that is not ours or newer than this code
 */
export function migrate(
  connection: DatabaseSync,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const reading = new Transactions(connection, "DEFERRED");
  const missing = reading.run(() => pending(connection, migrations));
  if (missing.length === 0) {
    return;
  }
  new Transactions(connection, "IMMEDIATE").run(() => {
    for (const { version, sql } of pending(connection, migrations)) {
      connection.exec(sql);
      connection.exec(`PRAGMA user_version = ${version}`);
    }
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  });
}

function pending(connection: DatabaseSync, migrations: readonly Migration[]): Migration[] {
  const current = single(connection, "PRAGMA user_version");
  const newest = migrations.at(-1)?.version ?? 0;
  const ours =
    single(connection, "PRAGMA application_id") === APPLICATION_ID ||
    (current === 0 && single(connection, "SELECT count(*) FROM sqlite_schema") === 0);
  if (!ours) {
    throw new Error("it belongs to another application");
  }
  if (current > newest) {
    throw new Error(
      `its schema has version ${current}, and this release only knows versions up to ${newest}`,
    );
  }
  return migrations.filter(({ version }) => version > current);
}

function single(connection: DatabaseSync, sql: string): number {
  return Number(Object.values(connection.prepare(sql).get() ?? {})[0]);
}
