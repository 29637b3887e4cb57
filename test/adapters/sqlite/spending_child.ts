import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

/** Makes 64 debits at once of 1 token each, and prints how many were recorded. */
const [path = "", name = ""] = process.argv.slice(2);
const store = openSqliteStore(path, { busyTimeoutMs: 15_000 });
const { billing, close } = new BillingFixture(store).compose();
const outcomes = await Promise.all(
  Array.from({ length: 64 }, (_, index) =>
    billing.spendTokens.execute({ tenantId: TENANT, key: `${name}-${index}`, tokens: 1 }),
  ),
);
await close();
process.stdout.write(String(outcomes.filter(({ type }) => type === "recorded").length));
