import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { buildOnce, run, sourceFile } from "./build_once.ts";
import { startTethered } from "./start_tethered.ts";

const ATTEMPT_INTERVAL_MS = 100;
const MAX_ATTEMPTS = 300;

const COPY_DEPENDENCIES =
  "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/** Runs its parameters as a command, and ends it when the input ends. */
const TETHER = '"$@" & server=$!; while read -r _; do :; done; kill "$server"; wait "$server"';

/** URL of the `mongod` on the PATH, started as a standalone server. */
export async function startMongod(): Promise<string> {
  await run("mongod", ["--version"]);
  const port = await freePort();
  const url = `mongodb://127.0.0.1:${port}/?retryWrites=false`;
  await startTethered("sh", (folder) => [
    "-c",
    `echo "${url}"; ${TETHER}`,
    "sh",
    "mongod",
    "--bind_ip=127.0.0.1",
    `--port=${port}`,
    `--dbpath=${folder}`,
    `--logpath=${join(folder, "mongod.log")}`,
  ]);
  await listening(port);
  return url;
}

/** URL of the server that `mongodb-memory-server` downloads, where that package is installed. */
export async function startMemoryServer(): Promise<string> {
  const name: string = "mongodb-memory-server";
  const { MongoMemoryServer } = await import(name);
  const server = await MongoMemoryServer.create();
  process.once("exit", () => server.stop());
  return server.getUri();
}

/** URL of mongo-java-server, an in-memory server that Maven fetches. */
export async function startJavaServer(): Promise<string> {
  const sources = ["java/pom.xml", "java/MongoServerLauncher.java"];
  const built = await buildOnce("java", sources, async (folder) => {
    const libraries = `-DoutputDirectory=${join(folder, "lib")}`;
    await run("mvn", ["-q", "-B", "-f", sourceFile("java/pom.xml"), COPY_DEPENDENCIES, libraries]);
    const launcher = sourceFile("java/MongoServerLauncher.java");
    await run("javac", ["-cp", join(folder, "lib/*"), "-d", folder, launcher]);
  });
  const classes = `${join(built, "lib/*")}:${built}`;
  return startTethered("java", () => ["-Xmx512m", "-cp", classes, "MongoServerLauncher"]);
}

/** URL of FerretDB over SQLite, which Go fetches and builds. */
export async function startFerretdb(): Promise<string> {
  const sources = ["go/main.go", "go/go.mod", "go/go.sum"];
  const built = await buildOnce("ferretdb", sources, (folder) =>
    run("go", ["build", "-o", join(folder, "ferretdb"), "."], { cwd: sourceFile("go") }),
  );
  return startTethered(join(built, "ferretdb"), (folder) => [folder]);
}

async function listening(port: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const socket = createConnection({ host: "127.0.0.1", port });
    try {
      await once(socket, "connect");
      return;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) {
        throw error;
      }
    } finally {
      socket.destroy();
    }
    await setTimeout(ATTEMPT_INTERVAL_MS);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
