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

/** A process that falls asleep in front of one of its calls, until it is woken. */
class Sleepy extends MongoDatabase {
  readonly #asleep = Promise.withResolvers<void>();
  readonly #woken = Promise.withResolvers<void>();
  readonly #bed: string;
  #callsBefore: number;

  /** @param callsBefore how many such calls it makes before the one in front of which it sleeps */
  constructor(database: MongoDatabase, bed: string, callsBefore = 0) {
    super(database.connection, database);
    this.#bed = bed;
    this.#callsBefore = callsBefore;
  }

  /** Resolves when it sleeps. */
  get asleep(): Promise<void> {
    return this.#asleep.promise;
  }

  wake(): void {
    this.#woken.resolve();
  }

  override collection<T extends object>(name: string) {
    const collection = super.collection<T>(name);
    return new Proxy(collection, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property);
        return typeof method === "function"
          ? async (...parameters: unknown[]): Promise<unknown> => {
              if (this.#bed === `${name}.${String(property)}`) {
                this.#callsBefore -= 1;
                if (this.#callsBefore === -1) {
                  this.#asleep.resolve();
                  await this.#woken.promise;
                }
              }
              return await method.apply(target, parameters);
            }
          : method;
      },
    });
  }
}

await describeOnMongodb("E-mails counted in MongoDB at several speeds", (place) => {
  describe("by a process that stalls", () => declareStalls(place));
});

function declareStalls(place: MongoTestDatabase): void {
  const database = useShared(() => connectMongo({ url: place.url }));
  let usage: MongoEmailUsageStore;
  let leases: MongoEmailLeaseStore;

  before(async () => {
    await prepareIndexes(database, place.server);
  });
  beforeEach(async () => {
    await emptyCollections(database);
    [usage, leases] = [new MongoEmailUsageStore(database), new MongoEmailLeaseStore(database)];
    await usage.refresh(TENANT, sampleDecide());
    await consumed(usage, 10);
  });

  const send = { key: "one", count: 5, now: NOW };

  for (const [moment, bed, late] of [
    ["before it counts", "email_usage.findOneAndUpdate", "repeated"],
    ["between counting and storing the key", "email_sends.insertOne", "counted"],
  ] as const) {
    it(`P31 a key counts once when a process stalls ${moment}`, async () => {
      const sleepy = new Sleepy(database, bed);
      const slow = new MongoEmailUsageStore(sleepy).consumeOnce(TENANT, send);
      await sleepy.asleep;
      const expected = late === "repeated" ? "counted" : "repeated";
      expect((await usage.consumeOnce(TENANT, send)).type).to.equal(expected);
      await usage.consumeOnce(TENANT, { ...send, key: "two" });
      await usage.consumeOnce(TENANT, { ...send, key: "three" });
      await leases.reclaim(TENANT, NOW);
      expect(await used(usage)).to.equal(25);
      sleepy.wake();
      expect((await slow).type).to.equal(late);
      expect(await used(usage)).to.equal(25);
    });

    it(`P31 a key that was released meanwhile stays so when a process stalls ${moment}`, async () => {
      const sleepy = new Sleepy(database, bed);
      const slow = new MongoEmailUsageStore(sleepy).consumeOnce(TENANT, send);
      await sleepy.asleep;
      await usage.consumeOnce(TENANT, send);
      expect(await usage.release(TENANT, "one", NOW)).to.equal("released");
      sleepy.wake();
      await slow;
      expect(await used(usage)).to.equal(10);
      expect(await usage.release(TENANT, "one", NOW)).to.equal("already_released");
      expect((await usage.consumeOnce(TENANT, send)).type).to.equal("key_released");
      expect(await used(usage)).to.equal(10);
    });
  }

  it("P31 a release that was taken over does not happen again when its process wakes", async () => {
    await usage.consumeOnce(TENANT, send);
    const sleepy = new Sleepy(database, "email_usage.updateOne");
    const slow = new MongoEmailUsageStore(sleepy).release(TENANT, "one", NOW);
    await sleepy.asleep;
    expect(await leases.reclaim(TENANT, afterNow(60_000))).to.equal(1);
    expect(await used(usage)).to.equal(10);
    sleepy.wake();
    await slow;
    expect(await used(usage)).to.equal(10);
    expect(await leases.reclaim(TENANT, afterNow(120_000))).to.equal(0);
  });

  it("P31 a release that has read what a failover then undoes changes what is left instead", async () => {
    for (const [key, count] of [
      ["undone", 3],
      ["slow", 1],
      ["other", 5],
    ] as const) {
      await usage.consumeOnce(TENANT, { key, count, now: NOW });
    }
    await usage.refresh(TENANT, sampleDecide({ period: NEXT_MONTH, accountRevision: 4 }));
    const records = database.collection<{ _id: string }>("email_usage");
    const replicated = await records.findOne({ _id: TENANT });
    const undone = new Sleepy(database, "email_sends.updateOne", 1);
    const undoing = new MongoEmailUsageStore(undone).release(TENANT, "undone", NOW);
    await undone.asleep;
    const sleepy = new Sleepy(database, "email_usage.updateOne", 1);
    const slow = new MongoEmailUsageStore(sleepy).release(TENANT, "slow", NOW);
    await sleepy.asleep;
    // What the old primary had told of the first release, no other member knows.
    await records.replaceOne({ _id: TENANT }, replicated ?? {});
    await usage.release(TENANT, "other", NOW);
    sleepy.wake();
    expect(await slow).to.equal("released");
    expect((await usage.findMonths(TENANT))?.usage.months[0]?.own).to.equal(10 + 3);
    expect(await leases.reclaim(TENANT, afterNow(60_000))).to.equal(1);
    expect((await usage.findMonths(TENANT))?.usage.months[0]?.own).to.equal(10);
    undone.wake();
    await undoing;
    expect((await usage.findMonths(TENANT))?.usage.months[0]?.own).to.equal(10);
  });
}
