import mongoose, { type mongo } from "mongoose";
import { serverUrl, withDatabase } from "../find_mongodb_server.ts";

/** What a server is, and what of MongoDB it can do. */
export interface Abilities {
  /** Its kind and version. */
  readonly server: string;
  /** Whether it explains how it searches. */
  readonly explain: boolean;
  /** Whether it removes documents that have expired. */
  readonly ttl: boolean;
  /** Whether it has a primary that can step down. */
  readonly failover: boolean;
}

/**
 * Asks a server what it can do.
 *
 * @throws {Error} where it cannot be reached, or the URL's database is not one for tests
 */
export async function abilitiesOf(url: string): Promise<Abilities> {
  const connection = mongoose.createConnection(withDatabase(serverUrl(url), "billing_test"), {
    serverSelectionTimeoutMS: 10_000,
  });
  try {
    await connection.asPromise();
    const db = connection.db;
    if (db === undefined) {
      throw new Error("Cannot ask the server: it is not connected");
    }
    const [hello, build] = [await ask(db, { hello: 1 }), await ask(db, { buildInfo: 1 })];
    const isRouter = hello.msg === "isdbgrid";
    const isSet = typeof hello.setName === "string";
    const status = await ask(db.admin(), { serverStatus: 1 });
    const plan = await ask(db, { explain: { find: "nothing", filter: {} } });
    const kind = isRouter ? "sharded cluster" : isSet ? "replica set" : "standalone server";
    const { queryPlanner } = plan;
    return {
      server: `${kind}, version ${build.version ?? "unknown"}`,
      explain: isPart(queryPlanner) && "winningPlan" in queryPlanner,
      ttl: isPart(status.metrics) && "ttl" in status.metrics,
      failover: isSet && !isRouter,
    };
  } finally {
    await connection.close();
  }
}

/** What is answered; empty where the command is not known. */
async function ask(
  db: Pick<mongo.Db, "command">,
  command: mongo.Document,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await db.command(command);
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError) {
      return {};
    }
    throw error;
  }
}

function isPart(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
