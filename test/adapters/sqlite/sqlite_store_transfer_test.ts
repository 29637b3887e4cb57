import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { migrate } from "../../../src/adapters/sqlite/migrate.ts";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { EMAIL_USAGE_SQL } from "../../../src/adapters/sqlite/quota/email_usage_sql.ts";
import { TRANSFER_SQL } from "../../../src/adapters/sqlite/sqlite_store_transfer.ts";
import { storeTransferContract } from "../../contracts/store_transfer_contract.ts";

storeTransferContract("SqliteStoreTransfer in memory", async () => {
  const store = openSqliteStore(":memory:");
  const unreachable = openSqliteStore(":memory:");
  await unreachable.close();
  return { store, unreachable, close: () => store.close() };
});

describe("TRANSFER_SQL", () => {
  it("reads each page through an index", () => {
    const connection = new DatabaseSync(":memory:");
    migrate(connection);
    const { notificationRecords, deliveries } = TRANSFER_SQL;
    for (const sql of [EMAIL_USAGE_SQL.tenants, notificationRecords, deliveries]) {
      const steps = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      const details = steps.map(({ detail }) => String(detail)).join("; ");
      expect(details)
        .to.match(/SEARCH/)
        .and.not.match(/SCAN|TEMP B-TREE/);
    }
    connection.close();
  });
});
