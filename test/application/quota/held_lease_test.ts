import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { HeldLease } from "../../../src/application/quota/held_lease.ts";
import { TENANT } from "../../samples/account.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { LEASE_SETTINGS, sampleDecide } from "../../samples/quota.ts";

describe("HeldLease", () => {
  let store: ReturnType<typeof openSqliteStore>;

  beforeEach(async () => {
    store = openSqliteStore(":memory:");
    await store.emailUsage.refresh(
      TENANT,
      sampleDecide({ limit: 100, validUntil: afterNow(60_000) }),
    );
  });
  afterEach(() => store.close());

  async function reserve(size: number, first = 1): Promise<HeldLease> {
    const block = { tenantId: TENANT, size, first, now: NOW, settings: LEASE_SETTINGS };
    return (await HeldLease.reserve(store.emailLeases, block)) ?? expect.fail("no room");
  }

  it("P31 reserves the whole block at once, and none where there is no room", async () => {
    const lease = await reserve(50);
    expect(lease.rest).to.equal(50);
    expect((await store.emailUsage.find(TENANT))?.used).to.equal(50);
    expect(lease.usage.used).to.equal(0);
    const block = { tenantId: TENANT, size: 61, first: 1, now: NOW, settings: LEASE_SETTINGS };
    expect(await HeldLease.reserve(store.emailLeases, block)).to.equal(undefined);
  });

  it("hands out what was promised, a fifth of the block, and more once that is promised", async () => {
    const lease = await reserve(50);
    expect(lease.handOut({ count: 11, now: NOW })).to.equal(undefined);
    expect(lease.handOut({ count: 10, now: NOW })?.used).to.equal(10);
    expect(lease.handOut({ count: 1, now: NOW })).to.equal(undefined);
    expect(await lease.promise(1, NOW)).to.equal(true);
    expect(lease.handOut({ count: 10, now: NOW })?.used).to.equal(20);
    expect(lease.rest).to.equal(30);
  });

  it("hands nothing out once its quota has to be decided anew", async () => {
    const lease = await reserve(50);
    expect(lease.handOut({ count: 1, now: afterNow(59_999) })?.used).to.equal(1);
    expect(lease.handOut({ count: 1, now: afterNow(60_000) })).to.equal(undefined);
  });

  it("takes back what it handed out, never more, and nothing of another month", async () => {
    const lease = await reserve(50);
    const { start } = lease.usage.period;
    lease.handOut({ count: 2, now: NOW });
    expect(lease.takeBack({ count: 3, periodStart: start })).to.equal(false);
    expect(lease.takeBack({ count: 1, periodStart: afterNow(0) })).to.equal(false);
    expect(lease.takeBack({ count: 2, periodStart: start })).to.equal(true);
    expect(lease.usage.used).to.equal(0);
  });

  it("gives back what is left, once, and hands nothing out afterwards", async () => {
    const lease = await reserve(50);
    lease.handOut({ count: 7, now: NOW });
    await lease.end(NOW);
    await lease.end(NOW);
    expect((await store.emailUsage.find(TENANT))?.used).to.equal(7);
    expect(lease.handOut({ count: 1, now: NOW })).to.equal(undefined);
    expect(await lease.keepAlive(NOW)).to.equal(false);
  });

  it("is idle after a while without a send", async () => {
    const lease = await reserve(50);
    expect(lease.isIdleAt(afterNow(1_000 * LEASE_SETTINGS.quotaLeaseIdleSeconds - 1))).to.equal(
      false,
    );
    expect(lease.isIdleAt(afterNow(1_000 * LEASE_SETTINGS.quotaLeaseIdleSeconds))).to.equal(true);
  });
});
