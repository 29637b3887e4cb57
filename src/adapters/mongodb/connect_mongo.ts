import mongoose, { type ConnectOptions } from "mongoose";
import { PortError } from "../../application/ports/port_error.ts";
import { MongoDatabase } from "./mongo_database.ts";
import { mongoFailure, withoutCredentials } from "./mongo_failure.ts";

/** Time limits in milliseconds. */
export interface MongoTimeouts {
  /**
   * A whole call of a store, including server selection, the wait for a connection, and retries.
   */
  readonly operationTimeoutMs: number;
  /** Server selection: the longest wait for an election. */
  readonly serverSelectionTimeoutMs: number;
  /** Opening a connection. */
  readonly connectTimeoutMs: number;
}

/** Time limits that end a call while a user still waits. */
export const MONGO_TIMEOUTS: MongoTimeouts = {
  operationTimeoutMs: 4_000,
  serverSelectionTimeoutMs: 3_000,
  connectTimeoutMs: 3_000,
};

/** How to reach the database. */
export interface MongoConnectionOptions extends Partial<MongoTimeouts> {
  /**
   * Connection string that includes the database's name. Its options apply, except those on which
   * the store's promises depend: write and read concern (`majority`), read preference (`primary`)
   * and time limits.
   */
  readonly url: string;
  /** This process's name in the server's logs. */
  readonly appName?: string;
}

const DEFAULT_APP_NAME = "mailingcore-billing";

/**
 * Opens a connection pool with its own settings, which affects no other user of mongoose in the
 * process.
 *
 * @param driverOptions additional options, for tests only
 * @throws {PortError} if the URL is invalid, or if no server can be reached or refuses the login
 */
export async function connectMongo(
  { url, appName = DEFAULT_APP_NAME, ...given }: MongoConnectionOptions,
  driverOptions: ConnectOptions = {},
): Promise<MongoDatabase> {
  const timeouts = { ...MONGO_TIMEOUTS, ...given };
  const instance = new mongoose.Mongoose();
  instance.set("strictQuery", "throw");
  instance.set("maxTimeMS", timeouts.operationTimeoutMs);
  const connection = instance.createConnection();
  // Calls report their own failures; without this listener, the event would end the process.
  connection.on("error", () => undefined);
  try {
    requireDatabaseName(url);
    await connection.openUri(url, {
      appName,
      bufferCommands: false,
      autoIndex: false,
      autoCreate: false,
      readPreference: "primary",
      // What a failover may still undo is not read, so nothing is ever based on it.
      readConcernLevel: "majority",
      writeConcern: { w: "majority" },
      serverSelectionTimeoutMS: timeouts.serverSelectionTimeoutMs,
      connectTimeoutMS: timeouts.connectTimeoutMs,
      socketTimeoutMS: timeouts.operationTimeoutMs,
      waitQueueTimeoutMS: timeouts.operationTimeoutMs,
      ...driverOptions,
    });
  } catch (error) {
    await connection.destroy().catch(() => undefined);
    throw mongoFailure("open the store in MongoDB", withoutPassword(error, url));
  }
  return new MongoDatabase(connection, timeouts);
}

function requireDatabaseName(url: string): void {
  if (!/^mongodb(?:\+srv)?:\/\/[^/]+\/[^/?]+/.test(url)) {
    throw new PortError(
      "Cannot open the store in MongoDB: its URL names no database, as mongodb://host/billing does",
      { transient: false },
    );
  }
}

/** Returns the error, or a copy without the URL and its password if its text contains them. */
function withoutPassword(error: unknown, url: string): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const password = /^[^:]+:\/\/[^:@/]*:([^@]*)@/.exec(url)?.[1] ?? "";
  const secrets = [url, password, decoded(password)].filter((secret) => secret !== "");
  const text = `${error.message}\n${error.stack ?? ""}`;
  if (!secrets.some((secret) => text.includes(secret))) {
    return error;
  }
  const message = secrets.reduce(
    (clean, secret) => clean.replaceAll(secret, "***"),
    withoutCredentials(error.message),
  );
  return new Error(message);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
