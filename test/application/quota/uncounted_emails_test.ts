import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { EmailQuotaCounters } from "../../../src/application/quota/email_quota_counters.ts";
import { UncountedEmails } from "../../../src/application/quota/uncounted_emails.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { TENANT } from "../../samples/account.ts";
import { NOW } from "../../samples/dates.ts";
import { sampleDecide, unreliable, used } from "../../samples/quota.ts";

describe("UncountedEmails", () => {
  const store = useFresh(() => openSqliteStore(":memory:"));
  let usage: ReturnType<typeof unreliable>;
  let counters: EmailQuotaCounters;
  let uncounted: UncountedEmails;

  beforeEach(async () => {
    usage = unreliable(store.emailUsage);
    counters = new EmailQuotaCounters();
    uncounted = new UncountedEmails({ usage, counters, clock: () => NOW });
    await usage.refresh(TENANT, sampleDecide());
  });

  it("P34 keeps what fails again, and counts it once", async () => {
    uncounted.keep({ tenantId: TENANT, count: 3 });
    uncounted.keep({ tenantId: TENANT, count: 4, key: "a" });
    usage.down = true;
    await uncounted.settle(TENANT);
    expect(uncounted.total).to.equal(7);
    usage.down = false;
    await Promise.all([uncounted.settle(), uncounted.settle(TENANT)]);
    expect(uncounted.total).to.equal(0);
    expect(await used(usage)).to.equal(7);
    expect(counters.read().countedLater).to.equal(7);
  });

  it("P34 counts each key once, and only what its tenant has sent", async () => {
    uncounted.keep({ tenantId: TENANT, count: 4, key: "b" });
    uncounted.keep({ tenantId: TENANT, count: 4, key: "b" });
    uncounted.keep({ tenantId: "t_other", count: 9 });
    await uncounted.settle(TENANT);
    expect(uncounted.total).to.equal(9);
    expect(await used(usage)).to.equal(4);
  });

  it("P34 drop forgets what still waits, and says what does not", () => {
    uncounted.keep({ tenantId: TENANT, count: 5 });
    expect(uncounted.drop({ tenantId: TENANT, count: 3 })).to.equal(0);
    expect(uncounted.drop({ tenantId: TENANT, count: 3 })).to.equal(1);
    expect(uncounted.drop({ tenantId: TENANT, count: 3, key: "c" })).to.equal(3);
    expect(uncounted.total).to.equal(0);
  });

  it("P34 counts a tenant's sends although another tenant's usage cannot be read", async () => {
    const unreadable = new PortError("Cannot read the usage", { transient: false });
    const reading = Object.assign(Object.create(usage), {
      add: (tenantId: string, count: number) =>
        tenantId === TENANT ? usage.add(tenantId, count) : Promise.reject(unreadable),
    });
    uncounted = new UncountedEmails({ usage: reading, counters, clock: () => NOW });
    uncounted.keep({ tenantId: "t_damaged", count: 9 });
    uncounted.keep({ tenantId: TENANT, count: 4 });
    await uncounted.settle();
    expect(uncounted.total).to.equal(9);
    expect(await used(usage)).to.equal(4);
  });

  it("P34 asks once for each send of a tenant whose usage cannot be read", async () => {
    const asked: (string | undefined)[] = [];
    const refuse = async (key?: string): Promise<never> => {
      asked.push(key);
      if (asked.length > 9) {
        throw new Error("It asks without end");
      }
      throw new PortError("Cannot read the usage", { transient: false });
    };
    const reading = Object.assign(Object.create(usage), {
      add: () => refuse(),
      consumeOnce: (_tenantId: string, { key }: { key: string }) => refuse(key),
    });
    uncounted = new UncountedEmails({ usage: reading, counters, clock: () => NOW });
    uncounted.keep({ tenantId: TENANT, count: 1, key: "a" });
    uncounted.keep({ tenantId: TENANT, count: 2 });
    uncounted.keep({ tenantId: TENANT, count: 4, key: "b" });
    await uncounted.settle(TENANT);
    expect(asked).to.deep.equal(["a", undefined, "b"]);
    expect(uncounted.total).to.equal(7);
  });
});
