import mongoose, { type ConnectOptions } from "mongoose";
import { PortError } from "../../application/ports/port_error.ts";
import { MongoDatabase } from "./mongo_database.ts";
import { mongoFailure, withoutCredentials } from "./mongo_failure.ts";

/** How long things may take, in milliseconds. */
export interface MongoTimeouts {
  /** A whole call of a store: finding a server, waiting for a connection, retries and all. */
  readonly operationTimeoutMs: number;
  /** Finding a server that can take the call: how long an election is waited for. */
  readonly serverSelectionTimeoutMs: number;
  /** Opening a connection. */
  readonly connectTimeoutMs: number;
}

/** Time limits that end a call well within a user's patience. */
export const MONGO_TIMEOUTS: MongoTimeouts = {
  operationTimeoutMs: 4_000,
  serverSelectionTimeoutMs: 3_000,
  connectTimeoutMs: 3_000,
};

/** Where the database is, and how to talk to it. */
export interface MongoConnectionOptions extends Partial<MongoTimeouts> {
  /**
   * Connection string with the database's name. Its options hold, except those that the store's
   * promises rest on: write concern (`majority`), read preference (`primary`), time limits.
   */
  readonly url: string;
  /** Name of this process in the server's logs. */
  readonly appName?: string;
}

const DEFAULT_APP_NAME = "mailingcore-billing";

/**
 * Opens a pool of connections of its own, with settings of its own: other users of mongoose in
 * the process are not affected.
 *
 * @param driverOptions what only tests need
 * @throws {PortError} when the URL is wrong, or no server can be reached or logged in to
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
  // Failures reach the calls; without a listener they would end the process, too.
  connection.on("error", () => undefined);
  try {
    requireDatabaseName(url);
    await connection.openUri(url, {
      appName,
      bufferCommands: false,
      autoIndex: false,
      autoCreate: false,
      readPreference: "primary",
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

/** The error, or one like it where the URL or its password are in the text. */
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
