import { startFerretdb, startJavaServer, startMemoryServer, startMongod } from "./servers.ts";

/** A server for tests. */
export interface MongoServer {
  /** Where it comes from. */
  readonly kind:
    | "MONGODB_URL"
    | "mongod"
    | "mongodb-memory-server"
    | "mongo-java-server"
    | "FerretDB";
  /** Its URL, without a database. */
  readonly url: string;
}

/** What was tried, and why it is not there. */
export interface NoServer {
  readonly reasons: readonly string[];
}

let found: Promise<MongoServer | NoServer> | undefined;

/**
 * The server for this run of the tests, looked for once: the one at `MONGODB_URL`; FerretDB where
 * `MONGODB_SERVER=ferretdb`; a `mongod` on the PATH; what `mongodb-memory-server` has downloaded;
 * mongo-java-server through Maven.
 *
 * @throws {Error} for a `MONGODB_URL` whose database is not one for tests, and for an unknown
 *   `MONGODB_SERVER`
 */
export function findMongodbServer(env = process.env): Promise<MongoServer | NoServer> {
  found ??= find(env);
  return found;
}

async function find(env: NodeJS.ProcessEnv): Promise<MongoServer | NoServer> {
  const given = env.MONGODB_URL?.trim();
  if (given) {
    return { kind: "MONGODB_URL", url: serverUrl(given) };
  }
  const { MONGODB_SERVER: wanted = "" } = env;
  if (!["", "ferretdb"].includes(wanted)) {
    throw new Error(`MONGODB_SERVER is "${wanted}", and can only be "ferretdb", or not be set`);
  }
  const candidates =
    wanted === "ferretdb"
      ? ([["FerretDB", startFerretdb]] as const)
      : ([
          ["mongod", startMongod],
          ["mongodb-memory-server", startMemoryServer],
          ["mongo-java-server", startJavaServer],
        ] as const);
  const reasons: string[] = [];
  for (const [kind, start] of candidates) {
    try {
      const url = await start();
      process.stderr.write(`MongoDB suites run on ${kind} at ${url}\n`);
      return { kind, url };
    } catch (error) {
      const [reason] = String(error instanceof Error ? error.message : error).split("\n");
      reasons.push(`${kind}: ${reason}`);
    }
  }
  return { reasons };
}

/**
 * The URL of a server without its database, which tests do not use but make their own.
 *
 * @throws {Error} where that database is not one for tests: it could be anything
 */
export function serverUrl(url: string): string {
  const database = databaseOf(url);
  if (database !== "" && !database.includes("test")) {
    throw new Error(
      `Cannot run tests with MONGODB_URL: its database "${database}" has no "test" in its name`,
    );
  }
  return withDatabase(url, "");
}

/** The URL with another database. */
export function withDatabase(url: string, database: string): string {
  const [, server, , options] = parts(url);
  return `${server}/${database}${options ?? ""}`;
}

/** The URL with some more options. */
export function withOptions(url: string, options: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}${options}`;
}

function databaseOf(url: string): string {
  return parts(url)[2] ?? "";
}

function parts(url: string): RegExpExecArray {
  const match = /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?([^?]*)(\?.*)?$/.exec(url);
  if (match === null) {
    throw new Error("Cannot run tests with MONGODB_URL: it is no MongoDB URL");
  }
  return match;
}
