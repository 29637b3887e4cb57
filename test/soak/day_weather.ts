import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { SeededRandom } from "../../sandbox/webhooks/random.ts";
import { openMongoStore } from "../../src/adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { MovableStore } from "../../src/application/ports/store_transfer.ts";
import { dropDatabase } from "../mongodb_server/describe_on_mongodb.ts";
import { findMongodbServer, withDatabase } from "../mongodb_server/find_mongodb_server.ts";
import { MongoProxy, soleHost, throughSet } from "../mongodb_server/mongo_proxy.ts";
import { ROUGH, wireWeather } from "../mongodb_server/wire_weather.ts";
import type { DayStore } from "./day_orders.ts";

/** What makes a store hard to reach. */
interface DayWeather {
  /** What happened. */
  report(): readonly string[];
  close(): Promise<void>;
}

/** A store without any content, how the processes of a day reach it, and the weather on the way. */
export interface OpenedDay {
  readonly store: MovableStore;
  readonly where: DayStore;
  readonly weather: DayWeather;
}

/** How long something else holds SQLite's lock at most, and how long it leaves it alone. */
const LONGEST_LOCK_MS = 400;
const LONGEST_REST_MS = 2_000;

/** Opens a store of this kind. */
export function openDayStore(
  kind: DayStore["kind"],
  { folder, seed }: { folder: string; seed: number },
): Promise<OpenedDay> {
  return kind === "sqlite" ? openFile(join(folder, "billing.db"), seed) : openServer(seed);
}

/** Something else, a backup perhaps, locks the database again and again. */
async function openFile(path: string, seed: number): Promise<OpenedDay> {
  const store = openSqliteStore(path);
  const other = new DatabaseSync(path, { timeout: LONGEST_REST_MS });
  const random = new SeededRandom(seed);
  let locks = 0;
  let isOver = false;
  const locking = (async () => {
    while (!isOver) {
      await pause(random.next() * LONGEST_REST_MS);
      other.exec("BEGIN IMMEDIATE");
      locks += 1;
      await pause(random.next() * LONGEST_LOCK_MS);
      other.exec("ROLLBACK");
    }
  })();
  const weather = {
    report: () => [`${locks} locks of up to ${LONGEST_LOCK_MS} ms`],
    close: async () => {
      isOver = true;
      await locking;
      other.close();
    },
  };
  return { store, where: { kind: "sqlite", path }, weather };
}

async function openServer(seed: number): Promise<OpenedDay> {
  const server = await findMongodbServer();
  const target = "reasons" in server ? undefined : soleHost(server.url);
  if ("reasons" in server || target === undefined) {
    throw new Error("Cannot soak: there is no MongoDB server with one host and without TLS");
  }
  const url = withDatabase(server.url, `billing_test_${randomBytes(6).toString("hex")}`);
  const store = await openMongoStore({ url, autoIndex: true });
  const proxy = new MongoProxy(target, { playsSet: true });
  const proxied = throughSet(url, await proxy.open(), "minHeartbeatFrequencyMS=5");
  const { decide, counts } = wireWeather(seed, ROUGH);
  proxy.become(decide);
  const weather = {
    report: () => [
      `${proxy.commands.length} commands on the wire to ${server.kind}, ${proxy.overtakings} overtook others`,
      ...[...counts].map(([name, count]) => `${count} x ${name}`),
    ],
    close: async () => {
      proxy.close();
      await dropDatabase(url);
    },
  };
  return { store, where: { kind: "mongodb", url: proxied }, weather };
}
