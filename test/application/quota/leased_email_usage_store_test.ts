import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { LeasedEmailUsageStore } from "../../../src/application/quota/leased_email_usage_store.ts";
import { TENANT } from "../../samples/account.ts";
import { afterNow, NEXT_MONTH, NOW, THIS_MONTH } from "../../samples/dates.ts";
import { LEASE_SETTINGS, sampleDecide } from "../../samples/quota.ts";

const DECISION = { limit: 10_000, validUntil: afterNow(3_600_000) };

/** Stores of one process, whose calls are counted, and its clock. */
class Instance {
  readonly store: LeasedEmailUsageStore;
  now = NOW;
  calls = 0;

  constructor({ emailUsage, emailLeases }: ReturnType<typeof openSqliteStore>) {
    this.store = new LeasedEmailUsageStore(
      {
        usage: this.#counting(emailUsage),
        leases: this.#counting(emailLeases),
        clock: () => this.now,
      },
      LEASE_SETTINGS,
    );
  }

  /** Counts e-mails; answers whether they may go out. */
  async send(count = 1): Promise<boolean> {
    return (await this.store.consume(TENANT, { count, now: this.now })) !== undefined;
  }

  #counting<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const method: unknown = Reflect.get(object, name);
        return typeof method === "function"
          ? (...parameters: unknown[]) => {
              this.calls += 1;
              return method.apply(object, parameters);
            }
          : method;
      },
    });
  }
}

describe("LeasedEmailUsageStore", () => {
  let store: ReturnType<typeof openSqliteStore>;
  let one: Instance;
  let two: Instance;

  beforeEach(async () => {
    store = openSqliteStore(":memory:");
    [one, two] = [new Instance(store), new Instance(store)];
    await store.emailUsage.refresh(TENANT, sampleDecide(DECISION));
  });
  afterEach(() => store.close());

  /** What the database says. */
  async function used(): Promise<number> {
    return (await store.emailUsage.find(TENANT))?.used ?? -1;
  }

  it("P31 hands most sends out without a call to the store", async () => {
    for (let sent = 0; sent < 501; sent += 1) {
      expect(await one.send()).to.equal(true);
    }
    expect(one.calls).to.be.at.most(8);
  });

  it("P31 never oversells in two processes, and sells everything", async () => {
    let passed = 0;
    const instances = [one, two];
    for (let round = 0; round < 130; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) => instances[(round + index) % 2]?.send()),
      );
      passed += answers.filter(Boolean).length;
      if (round % 40 === 39) {
        await one.store.close();
      }
    }
    await one.store.close();
    await two.store.close();
    expect(passed).to.equal(11_000);
    expect(await used()).to.equal(11_000);
  });

  it("P31 counts each send by itself near the ceiling", async () => {
    await store.emailUsage.consume(TENANT, { count: 10_970, now: NOW });
    one.calls = 0;
    for (let sent = 0; sent < 30; sent += 1) {
      expect(await one.send()).to.equal(true);
    }
    expect(one.calls).to.equal(30);
    expect(await one.send()).to.equal(false);
  });

  it("P31 passes batches from what is left of a lease and the store together", async () => {
    await one.send(10_000);
    await one.send(1);
    expect(await used()).to.equal(10_000 + 50);
    expect(await one.send(999)).to.equal(true);
    expect(await one.send(1)).to.equal(false);
    expect(await used()).to.equal(11_000);
  });

  it("P31 hands out no more than was promised after others took the rest back", async () => {
    await one.send();
    await one.send();
    const reserved = (await used()) - 1;
    const promised = Math.ceil(reserved / 5);
    expect(
      await store.emailLeases.reclaim(TENANT, afterNow(1_000 * LEASE_SETTINGS.quotaLeaseSeconds)),
    ).to.equal(1);
    expect(await used()).to.equal(1 + promised);
    for (let sent = 1; sent < promised; sent += 1) {
      await one.send();
    }
    expect(await used()).to.equal(1 + promised);
    expect(await one.send()).to.equal(true);
    await one.store.close();
    expect(await used()).to.equal(2 + promised);
  });

  it("P31 takes back what was handed out, but not sent", async () => {
    await one.send();
    await one.send();
    const { calls } = one;
    await one.store.giveBack(TENANT, { count: 1, periodStart: THIS_MONTH.start });
    expect(one.calls).to.equal(calls);
    await one.store.giveBack(TENANT, { count: 1, periodStart: THIS_MONTH.start });
    expect(one.calls).to.equal(calls + 1);
    await one.store.close();
    expect(await used()).to.equal(0);
  });

  it("P32 shows what is used without what it holds itself", async () => {
    for (let sent = 1; sent <= 300; sent += 1) {
      const usage = await one.store.consume(TENANT, { count: 1, now: NOW });
      expect(usage?.used).to.equal(sent);
    }
    expect((await one.store.find(TENANT))?.used).to.equal(300);
    const keyed = await one.store.consumeOnce(TENANT, { key: "a", count: 1, now: NOW });
    expect(keyed).to.have.nested.property("usage.used", 301);
  });

  it("P33 a lease ends with its decision, and with a new plan or period", async () => {
    await one.send();
    await one.send();
    one.now = afterNow(3_600_000);
    expect(await one.send()).to.equal(false);
    const [decidedAt, validUntil] = [one.now, afterNow(7_200_000)];
    await one.store.refresh(TENANT, sampleDecide({ ...DECISION, decidedAt, validUntil }));
    expect(await one.send()).to.equal(true);
    const larger = { limit: 20_000, decidedAt, validUntil, accountRevision: 4 };
    const refreshed = await one.store.refresh(TENANT, sampleDecide(larger));
    expect(refreshed).to.include({ limit: 20_000, used: 3 });
    expect(await used()).to.equal(3);
    await one.send();
    await one.send();
    const april = sampleDecide({ ...DECISION, period: NEXT_MONTH, validUntil, accountRevision: 5 });
    expect(await one.store.refresh(TENANT, april)).to.include({ used: 0 });
    expect(await used()).to.equal(0);
  });

  it("P33 goes on with its lease when the decision is only renewed", async () => {
    await one.send();
    await one.send();
    const before = await used();
    const renewed = sampleDecide({
      limit: 10_000,
      decidedAt: afterNow(3_600_000),
      validUntil: afterNow(7_200_000),
    });
    expect(await one.store.refresh(TENANT, renewed)).to.include({ used: 2 });
    expect(await used()).to.equal(before);
    expect(await one.store.consume(TENANT, { count: 1, now: afterNow(3_700_000) })).to.include({
      used: 3,
    });
  });
});
