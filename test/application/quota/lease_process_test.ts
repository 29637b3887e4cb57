import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { LeasedEmailUsageStore } from "../../../src/application/quota/leased_email_usage_store.ts";
import { runChild } from "../../rig/run_child.ts";
import { useTemporaryFolder } from "../../rig/temporary_folder.ts";
import { TENANT } from "../../samples/account.ts";
import { afterNow } from "../../samples/dates.ts";
import { LEASE_SETTINGS, sampleDecide } from "../../samples/quota.ts";

const CHILD = new URL("lease_child.ts", import.meta.url);

/** How many a process has sent before it was killed. */
async function sentByKilledProcess(path: string, count: number): Promise<number> {
  const { signal, output, errors } = await runChild(CHILD, path, String(count));
  expect(signal, errors).to.equal("SIGKILL");
  return Number(output);
}

describe("leases of processes that were killed", () => {
  const inFolder = useTemporaryFolder();

  it("P31 come back by their end, but for what may have been sent; nothing is oversold", async () => {
    const path = inFolder("billing.db");
    const store = openSqliteStore(path, { busyTimeoutMs: 15_000 });
    const { emailUsage: usage, emailLeases: leases } = store;
    await usage.refresh(TENANT, sampleDecide({ limit: 10_000, validUntil: afterNow(3_600_000) }));
    const dead = await Promise.all([
      sentByKilledProcess(path, 130),
      sentByKilledProcess(path, 470),
    ]);
    const sentByDead = dead.reduce((sum, sent) => sum + sent, 0);
    expect(sentByDead).to.equal(600);
    const before = (await usage.find(TENANT))?.used ?? 0;
    expect(before).to.be.at.least(sentByDead + 300);

    const now = afterNow(1_000 * LEASE_SETTINGS.quotaLeaseSeconds);
    expect(await leases.reclaim(TENANT, now)).to.equal(2);
    const after = (await usage.find(TENANT))?.used ?? 0;
    expect(after).to.be.within(sentByDead, sentByDead + 2 * 110);

    const alive = new LeasedEmailUsageStore({ usage, leases, clock: () => now }, LEASE_SETTINGS);
    let sent = 0;
    while ((await alive.consume(TENANT, { count: 1, now })) !== undefined) {
      sent += 1;
    }
    await alive.close();
    expect(sent).to.equal(11_000 - after);
    expect((await usage.find(TENANT))?.used).to.equal(11_000);
    await store.close();
  }).timeout(60_000);
});
