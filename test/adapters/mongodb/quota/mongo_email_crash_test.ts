import { expect } from "chai";
import { connectMongo } from "../../../../src/adapters/mongodb/connect_mongo.ts";
import { MongoDatabase } from "../../../../src/adapters/mongodb/mongo_database.ts";
import { MongoEmailLeaseStore } from "../../../../src/adapters/mongodb/quota/mongo_email_lease_store.ts";
import { MongoEmailUsageStore } from "../../../../src/adapters/mongodb/quota/mongo_email_usage_store.ts";
import type { MongoTestDatabase } from "../../../mongodb_server/describe_on_mongodb.ts";
import { describeOnMongodb } from "../../../mongodb_server/describe_on_mongodb.ts";
import { useShared } from "../../../rig/use_fresh.ts";
import { TENANT } from "../../../samples/account.ts";
import { afterNow, NEXT_MONTH, NOW } from "../../../samples/dates.ts";
import { consumed, sampleDecide, used } from "../../../samples/quota.ts";
import { emptyCollections, prepareIndexes } from "../mongo_test_store.ts";

const DIED = new Error("the process died here");

/** A process whose next writes end after some more calls, as if it had been killed. */
class Mortal extends MongoDatabase {
  callsLeft = Number.POSITIVE_INFINITY;

  override collection<T extends object>(name: string) {
    const collection = super.collection<T>(name);
    return new Proxy(collection, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== "function") {
          return method;
        }
        return (...parameters: unknown[]): unknown => {
          this.callsLeft -= 1;
          if (this.callsLeft < 0) {
            throw DIED;
          }
          return method.apply(target, parameters);
        };
      },
    });
  }
}

await describeOnMongodb("E-mails counted in MongoDB", (place) => {
  describe("by a process that dies", () => declareCrashes(place));
});

function declareCrashes({ url, server }: MongoTestDatabase): void {
  const database = useShared(() => connectMongo({ url }));
  let mortal: Mortal;
  let dying: { usage: MongoEmailUsageStore; leases: MongoEmailLeaseStore };
  let usage: MongoEmailUsageStore;
  let leases: MongoEmailLeaseStore;

  before(async () => {
    await prepareIndexes(database, server);
  });
  beforeEach(async () => {
    await emptyCollections(database);
    mortal = new Mortal(database.connection, database);
    dying = { usage: new MongoEmailUsageStore(mortal), leases: new MongoEmailLeaseStore(mortal) };
    [usage, leases] = [new MongoEmailUsageStore(database), new MongoEmailLeaseStore(database)];
    await usage.refresh(TENANT, sampleDecide());
    await consumed(usage, 10);
  });

  const send = { key: "one", count: 5, now: NOW };

  /** Does some work that is cut off after `calls` calls to the database. */
  async function cutOffAfter(calls: number, work: () => Promise<unknown>): Promise<boolean> {
    mortal.callsLeft = calls;
    return await work().then(
      () => false,
      () => true,
    );
  }

  for (const calls of [0, 1, 2]) {
    it(`P31 after ${calls} calls of a send with a key: a repetition counts it once`, async () => {
      const cutOff = await cutOffAfter(calls, () => dying.usage.consumeOnce(TENANT, send));
      expect(cutOff).to.equal(calls < 2);
      const again = await usage.consumeOnce(TENANT, send);
      expect(again.type).to.equal(calls === 0 ? "counted" : "repeated");
      expect(await used(usage)).to.equal(15);
      expect((await usage.consumeOnce(TENANT, send)).type).to.equal("repeated");
      expect(await used(usage)).to.equal(15);
    });

    it(`P31 after ${calls} calls of a send with a key: it can be released once`, async () => {
      await cutOffAfter(calls, () => dying.usage.consumeOnce(TENANT, send));
      const expected = calls === 0 ? "unknown" : "released";
      expect(await usage.release(TENANT, "one", NOW)).to.equal(expected);
      expect(await used(usage)).to.equal(10);
    });

    it(`P33 after ${calls} calls of a send with a key: the next period does not count it again`, async () => {
      await cutOffAfter(calls, () => dying.usage.consumeOnce(TENANT, send));
      await usage.refresh(TENANT, sampleDecide({ period: NEXT_MONTH, accountRevision: 4 }));
      const again = await usage.consumeOnce(TENANT, send);
      expect(again.type).to.equal(calls === 0 ? "counted" : "repeated");
      expect(await used(usage)).to.equal(calls === 0 ? 5 : 0);
    });
  }

  for (const calls of [0, 1, 2, 3, 4, 5]) {
    it(`P31 after ${calls} calls of a release: it ends by itself or by repetition, once`, async () => {
      await usage.consumeOnce(TENANT, send);
      await cutOffAfter(calls, () => dying.usage.release(TENANT, "one", NOW));
      await usage.release(TENANT, "one", NOW);
      await leases.reclaim(TENANT, afterNow(60_000));
      expect(await used(usage)).to.equal(10);
      await usage.release(TENANT, "one", afterNow(60_000));
      await leases.reclaim(TENANT, afterNow(120_000));
      expect(await used(usage)).to.equal(10);
    });
  }

  for (const calls of [1, 2]) {
    it(`P31 after ${calls} calls of a reservation: the block comes back by its end`, async () => {
      const lease = { id: "one", size: 50, promised: 10, until: afterNow(1_000), now: NOW };
      await cutOffAfter(calls, () => dying.leases.reserve(TENANT, lease));
      expect(await used(usage)).to.equal(60);
      await leases.reclaim(TENANT, afterNow(1_000));
      expect(await used(usage)).to.equal(20);
    });
  }

  for (const calls of [0, 1, 2, 3, 4, 5]) {
    it(`P31 after ${calls} calls of a release of a month that was left: once`, async () => {
      await usage.consumeOnce(TENANT, send);
      await usage.refresh(TENANT, sampleDecide({ period: NEXT_MONTH, accountRevision: 4 }));
      await cutOffAfter(calls, () => dying.usage.release(TENANT, "one", NOW));
      await usage.release(TENANT, "one", NOW);
      await leases.reclaim(TENANT, afterNow(60_000));
      await leases.reclaim(TENANT, afterNow(120_000));
      expect(await used(usage)).to.equal(0);
      const back = sampleDecide({ accountRevision: 5, decidedAt: NEXT_MONTH.start });
      expect(await usage.refresh(TENANT, back)).to.include({ used: 10 });
    });
  }

  for (const calls of [2, 3, 4, 5]) {
    it(`P31 after ${calls} calls of a release whose month is left meanwhile: once`, async () => {
      await usage.consumeOnce(TENANT, send);
      await cutOffAfter(calls, () => dying.usage.release(TENANT, "one", NOW));
      await usage.refresh(TENANT, sampleDecide({ period: NEXT_MONTH, accountRevision: 4 }));
      await leases.reclaim(TENANT, afterNow(60_000));
      await leases.reclaim(TENANT, afterNow(120_000));
      const back = sampleDecide({ accountRevision: 5, decidedAt: NEXT_MONTH.start });
      expect(await usage.refresh(TENANT, back)).to.include({ used: 10 });
    });
  }

  for (const calls of [0, 1, 2, 3, 4]) {
    it(`P33 after ${calls} calls of moving on: the next one begins the period`, async () => {
      await usage.consumeOnce(TENANT, send);
      const april = sampleDecide({ period: NEXT_MONTH, accountRevision: 4 });
      await cutOffAfter(calls, () => dying.usage.refresh(TENANT, april));
      expect(await usage.refresh(TENANT, april)).to.include({ used: 0 });
      expect(await consumed(usage, 110)).to.equal(110);
      const back = sampleDecide({ accountRevision: 5, decidedAt: NEXT_MONTH.start });
      expect(await usage.refresh(TENANT, back)).to.include({ used: 15 });
    });
  }

  for (const calls of [2, 3]) {
    it(`P33 after ${calls} calls of moving on: who decides nothing new opens the month again`, async () => {
      const april = sampleDecide({ period: NEXT_MONTH, accountRevision: 4 });
      await cutOffAfter(calls, () => dying.usage.refresh(TENANT, april));
      expect(await consumed(usage, 1)).to.equal(null);
      expect(await usage.find(TENANT)).to.include({ used: 10 });
      const older = sampleDecide({ accountRevision: 2 });
      expect(await usage.refresh(TENANT, older)).to.include({ used: 10, accountRevision: 3 });
      expect(await consumed(usage, 1)).to.equal(11);
    });
  }
}
