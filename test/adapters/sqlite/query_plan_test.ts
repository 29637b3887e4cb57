import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { REQUEST_COUNT_SQL } from "../../../src/adapters/sqlite/limits/sqlite_request_count_store.ts";
import { migrate } from "../../../src/adapters/sqlite/migrate.ts";
import { DELIVERY_SQL } from "../../../src/adapters/sqlite/notifications/sqlite_delivery_store.ts";
import { NOTIFICATION_SQL } from "../../../src/adapters/sqlite/notifications/sqlite_notification_records.ts";
import { EMAIL_USAGE_SQL } from "../../../src/adapters/sqlite/quota/email_usage_sql.ts";
import { ACCOUNT_SQL } from "../../../src/adapters/sqlite/sqlite_account_store.ts";
import { ATTENTION_SQL } from "../../../src/adapters/sqlite/sqlite_attention_store.ts";
import { AUDIT_SQL } from "../../../src/adapters/sqlite/sqlite_audit_store.ts";
import { CATALOG_SQL } from "../../../src/adapters/sqlite/sqlite_catalog_store.ts";
import { INBOX_SQL } from "../../../src/adapters/sqlite/sqlite_event_inbox.ts";
import { HEAD_SQL } from "../../../src/adapters/sqlite/sqlite_ledger_head_store.ts";
import { LEDGER_SQL } from "../../../src/adapters/sqlite/sqlite_token_ledger_store.ts";
import { RESERVATION_SQL } from "../../../src/adapters/sqlite/sqlite_token_reservation_store.ts";
import { TOP_UP_SQL } from "../../../src/adapters/sqlite/sqlite_top_up_store.ts";
import { useShared } from "../../rig/use_fresh.ts";

const QUERIES = {
  accounts: ACCOUNT_SQL,
  attention: ATTENTION_SQL,
  audit: AUDIT_SQL,
  ledger: LEDGER_SQL,
  ledgerHeads: HEAD_SQL,
  reservations: RESERVATION_SQL,
  topUps: TOP_UP_SQL,
  inbox: INBOX_SQL,
  catalog: CATALOG_SQL,
  emailUsage: EMAIL_USAGE_SQL,
  notificationRecords: NOTIFICATION_SQL,
  deliveries: DELIVERY_SQL,
  requestCounts: REQUEST_COUNT_SQL,
};

describe("query plans", () => {
  const connection = useShared(() => new DatabaseSync(":memory:"));

  before(() => {
    migrate(connection);
  });

  /** The steps of a query that read a whole table or sort what they found. */
  function slowSteps(sql: string): string[] {
    const steps = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    return steps
      .map(({ detail }) => String(detail))
      .filter((step) => /SCAN (?!json_each)|TEMP B-TREE/.test(step));
  }

  for (const [store, queries] of Object.entries(QUERIES)) {
    for (const [name, sql] of Object.entries(queries)) {
      it(`${store}.${name} reads through an index only`, () => {
        expect(slowSteps(sql)).to.deep.equal([]);
      });
    }
  }

  it("the check notices queries that scan or sort", () => {
    expect(slowSteps("SELECT * FROM events WHERE customer_id = 'a'")).to.have.length(1);
    expect(
      slowSteps("SELECT * FROM ledger_entries WHERE tenant_id = 'a' ORDER BY at"),
    ).to.have.length(1);
  });

  it("unique indexes guard what must not be twice", () => {
    const unique = ["accounts", "ledger_entries", "events"].flatMap((table) =>
      connection
        .prepare(`PRAGMA index_list(${table})`)
        .all()
        .filter((index) => index.unique === 1 && index.partial === 0)
        .map(({ name }) => `${table}(${columnsOf(String(name))})`),
    );
    expect(unique).to.have.members([
      "accounts(tenant_id)",
      "accounts(customer_id)",
      "ledger_entries(tenant_id, seq)",
      "ledger_entries(tenant_id, key)",
      "events(id)",
    ]);
  });

  function columnsOf(index: string): string {
    const columns = connection.prepare(`PRAGMA index_info(${index})`).all();
    return columns.map(({ name }) => name).join(", ");
  }
});
