import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { LeasedEmailUsageStore } from "../../../src/application/quota/leased_email_usage_store.ts";
import { emailUsageStoreContract } from "../../contracts/email_usage_store_contract.ts";
import { NOW } from "../../samples/dates.ts";
import { LEASE_SETTINGS } from "../../samples/quota.ts";

function leased({ emailUsage: usage, emailLeases: leases }: BillingStore): LeasedEmailUsageStore {
  return new LeasedEmailUsageStore({ usage, leases, clock: () => NOW }, LEASE_SETTINGS);
}

emailUsageStoreContract("LeasedEmailUsageStore over SQLite", async () => {
  const store = openSqliteStore(":memory:");
  const closed = openSqliteStore(":memory:");
  await closed.close();
  return { store: leased(store), unreachable: leased(closed), close: () => store.close() };
});
