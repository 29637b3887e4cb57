import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { composeBilling } from "../../../src/composition/container.ts";
import { SETTINGS } from "../../rig/billing_fixture.ts";
import { ScriptedInvoices } from "../../rig/scripted_invoices.ts";
import { ScriptedPacks } from "../../rig/scripted_packs.ts";
import { ScriptedPayments } from "../../rig/scripted_payments.ts";
import { ScriptedPublisher } from "../../rig/scripted_publisher.ts";
import { ScriptedRecords } from "../../rig/scripted_records.ts";
import { SILENT_CLOCK } from "../../rig/silent_clock.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

/** Makes 64 debits at once of 1 token each, and prints how many were recorded. */
const [path = "", name = ""] = process.argv.slice(2);
const store = openSqliteStore(path, { busyTimeoutMs: 15_000 });
const [gateway, packs] = [new ScriptedPayments(), new ScriptedPacks()];
const { billing, close } = composeBilling({
  store,
  payments: {
    gateway,
    snapshots: gateway,
    packs,
    invoices: new ScriptedInvoices(),
    publisher: new ScriptedPublisher(),
    verifier: { verify: async () => undefined },
    clock: SILENT_CLOCK,
    background: () => ({ gateway, snapshots: gateway, packs, records: new ScriptedRecords() }),
  },
  clock: () => at("2026-03-15T12:00:00Z"),
  settings: SETTINGS,
});
const outcomes = await Promise.all(
  Array.from({ length: 64 }, (_, index) =>
    billing.spendTokens.execute({ tenantId: TENANT, key: `${name}-${index}`, tokens: 1 }),
  ),
);
await close();
process.stdout.write(String(outcomes.filter(({ type }) => type === "recorded").length));
