import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { migrate } from "../../../src/adapters/sqlite/migrate.ts";
import type { Migration } from "../../../src/adapters/sqlite/migration.ts";
import { MIGRATIONS } from "../../../src/adapters/sqlite/migrations.ts";
import { useFresh } from "../../rig/use_fresh.ts";

const FIRST: Migration = { version: 1, sql: "CREATE TABLE plants (name TEXT) STRICT" };
const SECOND: Migration = {
  version: 2,
  sql: `ALTER TABLE plants ADD COLUMN height INTEGER; UPDATE plants SET height = 7`,
};
const BROKEN: Migration = {
  version: 3,
  sql: "CREATE TABLE pots (size INTEGER); DELETE FROM plants; INSERT INTO nowhere VALUES (1)",
};

describe("migrate", () => {
  const connection = useFresh(() => new DatabaseSync(":memory:"));

  function version(): unknown {
    return connection.prepare("PRAGMA user_version").get()?.user_version;
  }

  it("MIGRATIONS are numbered from 1 without gaps", () => {
    const expected = MIGRATIONS.map((_, index) => index + 1);
    expect(MIGRATIONS.map((migration) => migration.version)).to.deep.equal(expected);
  });

  it("brings a new database to the newest version, with strict tables only", () => {
    migrate(connection);
    expect(version()).to.equal(MIGRATIONS.length);
    const tables = connection.prepare("PRAGMA table_list").all();
    const ours = tables.filter(({ name }) => !String(name).startsWith("sqlite_"));
    expect(ours.map(({ name }) => name)).to.have.members([
      "accounts",
      "attention_items",
      "audit_entries",
      "catalog",
      "deliveries",
      "email_sends",
      "email_sends_walk",
      "email_usage",
      "event_counts",
      "events",
      "ledger_entries",
      "ledger_heads",
      "notification_records",
      "request_counts",
      "reservation_reminders",
      "top_ups",
    ]);
    expect(ours.every(({ strict }) => strict === 1)).to.equal(true);
  });

  it("applies only the versions that are missing, keeps the content", () => {
    migrate(connection, [FIRST]);
    connection.exec("INSERT INTO plants VALUES ('fern')");
    migrate(connection, [FIRST, SECOND]);
    expect(version()).to.equal(2);
    expect(
      connection
        .prepare("SELECT * FROM plants")
        .all()
        .map((row) => ({ ...row })),
    ).to.deep.equal([{ name: "fern", height: 7 }]);
  });

  it("does not write to a database that is up to date", () => {
    migrate(connection);
    connection.exec("PRAGMA query_only = ON");
    migrate(connection);
    expect(version()).to.equal(MIGRATIONS.length);
  });

  it("undoes everything when one statement fails", () => {
    migrate(connection, [FIRST]);
    connection.exec("INSERT INTO plants VALUES ('fern')");
    expect(() => migrate(connection, [FIRST, SECOND, BROKEN])).to.throw("nowhere");
    expect(version()).to.equal(1);
    expect(connection.isTransaction).to.equal(false);
    const rows = connection.prepare("SELECT * FROM plants").all();
    expect(rows.map((row) => ({ ...row }))).to.deep.equal([{ name: "fern" }]);
    migrate(connection, [FIRST, SECOND]);
    expect(version()).to.equal(2);
  });

  it("refuses a newer database", () => {
    migrate(connection, [FIRST, SECOND]);
    expect(() => migrate(connection, [FIRST])).to.throw(
      "its schema has version 2, and this release only knows versions up to 1",
    );
  });

  it("refuses the databases of other applications, leaves them as they are", () => {
    connection.exec("CREATE TABLE moz_places (id INTEGER)");
    expect(() => migrate(connection)).to.throw("it belongs to another application");
    connection.exec("PRAGMA user_version = 1; PRAGMA application_id = 42");
    expect(() => migrate(connection)).to.throw("it belongs to another application");
    const { tables } =
      connection.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() ?? {};
    expect(tables).to.equal(1);
  });
});
