import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { LeasedEmailUsageStore } from "../../../src/application/quota/leased_email_usage_store.ts";
import { TENANT } from "../../samples/account.ts";
import { NOW } from "../../samples/dates.ts";
import { LEASE_SETTINGS } from "../../samples/quota.ts";

/**
 * Sends e-mails from leases, and is killed by itself in the middle of one: `node lease_child.ts
 * path count`. Says how many were sent by then.
 */
export async function sendAndDie(path: string, count: number): Promise<void> {
  const { emailUsage: usage, emailLeases: leases } = openSqliteStore(path);
  const ports = { usage, leases, clock: () => NOW };
  const store = new LeasedEmailUsageStore(ports, LEASE_SETTINGS);
  let sent = 0;
  while (sent < count && (await store.consume(TENANT, { count: 1, now: NOW })) !== undefined) {
    sent += 1;
  }
  process.stdout.write(String(sent), () => process.kill(process.pid, "SIGKILL"));
}

const [path, count] = process.argv.slice(2);
if (import.meta.main && path !== undefined) {
  await sendAndDie(path, Number(count));
}
