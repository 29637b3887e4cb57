import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { EmailLeaseStore } from "../../../src/application/ports/quota/email_lease_store.ts";
import type { EmailUsageStore } from "../../../src/application/ports/quota/email_usage_store.ts";
import { HeldLeases, type LeasePorts } from "../../../src/application/quota/held_leases.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { TENANT } from "../../samples/account.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { LEASE_SETTINGS, sampleDecide } from "../../samples/quota.ts";

const DECISION = { limit: 10_000, validUntil: afterNow(3_600_000) };
const IDLE_MS = 1_000 * LEASE_SETTINGS.quotaLeaseIdleSeconds;
/** A twentieth of what there is. */
const BLOCK = 550;

describe("HeldLeases", () => {
  const store = useFresh(() => openSqliteStore(":memory:"));
  let now: Date;

  beforeEach(async () => {
    now = NOW;
    await store.emailUsage.refresh(TENANT, sampleDecide(DECISION));
  });

  function leasesOver(changes: Partial<LeasePorts> = {}): HeldLeases {
    const { emailUsage: usage, emailLeases: leases } = store;
    return new HeldLeases({ usage, leases, clock: () => now, ...changes }, LEASE_SETTINGS);
  }

  /** Begins a lease and hands one e-mail out of it. */
  async function begin(leases: HeldLeases, tenantId = TENANT): Promise<void> {
    leases.see(tenantId, await store.emailUsage.find(tenantId));
    const held = await leases.begin(tenantId, { count: 1, now });
    expect(held?.handOut({ count: 1, now })).to.include({ used: 1 });
  }

  /** What the database says. */
  async function used(): Promise<number> {
    return (await store.emailUsage.find(TENANT))?.used ?? -1;
  }

  it("P31 reserves a block where the tenant's usage is known and a send takes half at most", async () => {
    const leases = leasesOver();
    expect(await leases.begin(TENANT, { count: 1, now })).to.equal(undefined);
    leases.see(TENANT, await store.emailUsage.find(TENANT));
    expect(await leases.begin(TENANT, { count: BLOCK / 2 + 1, now })).to.equal(undefined);
    expect(await used()).to.equal(0);
    expect(await leases.begin(TENANT, { count: BLOCK / 2, now })).to.equal(leases.of(TENANT));
    expect(await used()).to.equal(BLOCK);
  });

  it("P31 gives an idle lease back, and what was not sent", async () => {
    const leases = leasesOver();
    await begin(leases);
    now = afterNow(IDLE_MS - 1);
    await leases.sweep();
    expect(await used()).to.equal(BLOCK);
    now = afterNow(IDLE_MS);
    await leases.sweep();
    expect(await used()).to.equal(1);
    expect(leases.of(TENANT)).to.equal(undefined);
    expect(await leases.begin(TENANT, { count: 1, now })).to.include({ tenantId: TENANT });
  });

  it("P31 gives an idle lease back although another tenant's usage cannot be read", async () => {
    const usage: EmailUsageStore = Object.assign(Object.create(store.emailUsage), {
      find: async () => {
        throw new PortError("Cannot read the usage", { transient: false });
      },
    });
    await store.emailUsage.refresh("t_damaged", sampleDecide(DECISION));
    const leases = leasesOver({ usage });
    await begin(leases, "t_damaged");
    await begin(leases);
    now = afterNow(IDLE_MS);
    leases.of("t_damaged")?.handOut({ count: 1, now });
    await leases.sweep();
    expect(await used()).to.equal(1);
    expect(leases.of("t_damaged")).to.include({ tenantId: "t_damaged" });
  });

  it("P31 keeps a lease alive that is used, and gives it back at the end", async () => {
    const leases = leasesOver();
    await begin(leases);
    for (let seconds = 2; seconds <= 120; seconds += 2) {
      now = afterNow(seconds * 1_000);
      leases.of(TENANT)?.handOut({ count: 1, now });
      await leases.sweep();
      expect(await store.emailLeases.reclaim(TENANT, now)).to.equal(0);
    }
    await leases.close();
    expect(await used()).to.equal(61);
  });

  it("P33 gives a lease back whose plan another process has changed", async () => {
    const leases = leasesOver();
    await begin(leases);
    const larger = sampleDecide({ limit: 50_000, accountRevision: 4 });
    await store.emailUsage.refresh(TENANT, larger);
    await leases.sweep();
    expect(await used()).to.equal(1);
    expect(leases.of(TENANT)).to.equal(undefined);
  });

  it("P34 leaves a lease that cannot be given back to be taken back", async () => {
    const { emailLeases } = store;
    const leases: EmailLeaseStore = {
      reserve: (tenantId, lease) => emailLeases.reserve(tenantId, lease),
      extend: (tenantId, lease) => emailLeases.extend(tenantId, lease),
      reclaim: (tenantId, at) => emailLeases.reclaim(tenantId, at),
      end: () => Promise.reject(new PortError("Cannot end the lease", { transient: true })),
    };
    const failing = leasesOver({ leases });
    await begin(failing);
    await failing.close();
    expect(await used()).to.equal(BLOCK);
    await emailLeases.reclaim(TENANT, afterNow(1_000 * LEASE_SETTINGS.quotaLeaseSeconds));
    expect(await used()).to.equal(BLOCK / 5);
  });
});
