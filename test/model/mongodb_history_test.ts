import { expect } from "chai";
import fc from "fast-check";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { connectMongo } from "../../src/adapters/mongodb/connect_mongo.ts";
import type { MongoDatabase } from "../../src/adapters/mongodb/mongo_database.ts";
import { openMongoStore } from "../../src/adapters/mongodb/open_mongo_store.ts";
import { emptyCollections, prepareIndexes } from "../adapters/mongodb/mongo_test_store.ts";
import { describeOnMongodb } from "../mongodb_server/describe_on_mongodb.ts";
import { MongoProxy, soleHost, throughSet } from "../mongodb_server/mongo_proxy.ts";
import { ROUGH, wireWeather } from "../mongodb_server/wire_weather.ts";
import { countInEnvironment } from "../rig/count_in_environment.ts";
import { checkHistory } from "./check_history.ts";
import { histories } from "./history.ts";
import { Tally } from "./tally.ts";
import { World } from "./world.ts";

/** `HISTORIES=500` for a longer run. */
const HISTORIES = countInEnvironment("HISTORIES", { fallback: 6 });
const SEED = 2_028;
/** Of weather that shows each of its kinds within the first eighty commands. */
const WEATHER_SEED = 2_034;

await describeOnMongodb("Any order, any number, any crash, on MongoDB", ({ url, server }) => {
  const target = soleHost(url);
  if (target === undefined) {
    it("DID NOT RUN: bad weather is played for servers with one host and without TLS only", () => {
      expect(server).to.equal("MONGODB_URL");
    });
    return;
  }
  let proxy: MongoProxy;
  let database: MongoDatabase;

  before(async () => {
    proxy = new MongoProxy(target, { playsSet: true });
    database = await connectMongo({ url });
    await prepareIndexes(database, server);
  });
  after(async () => {
    await database.close();
    proxy.close();
  });

  it(`P04 P09 P10 ${HISTORIES} histories end as the provider's books say, in bad weather on the wire`, async function () {
    this.timeout(60_000 + HISTORIES * 30_000);
    const proxied = throughSet(url, await proxy.open(), "minHeartbeatFrequencyMS=5");
    const weather = wireWeather(WEATHER_SEED, ROUGH);
    const template = {
      ...(await World.prepare(await readCatalogFile("plans.json"))),
      openStore: async () => {
        await emptyCollections(database);
        return await openMongoStore({ url: proxied, autoIndex: false });
      },
      onWeather: (isBad: boolean) => proxy.become(isBad ? weather.decide : "pass"),
    };
    const tally = new Tally();
    const property = fc.asyncProperty(histories, async (history) => {
      tally.add(await checkHistory(history, template));
    });
    await fc.assert(property, { numRuns: HISTORIES, seed: SEED, endOnFailure: true });
    expect(weather.seldom(1)).to.deep.equal([]);
    expect(proxy.overtakings).to.be.greaterThan(HISTORIES);
    expect(tally.of("event delivered")).to.be.greaterThan(HISTORIES);
  });
});
