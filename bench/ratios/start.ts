import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { inFolder } from "../method/in_folder.ts";
import { MeasuredServer } from "../method/measured_server.ts";
import { type Comparison, compare, type Variant } from "../method/rounds.ts";

const BARE_EXPRESS = new URL("../baselines/bare_express.js", import.meta.url);
const ROOT = new URL("../../", import.meta.url);
const SOURCES = new URL("src/main.ts", ROOT);
const BUNDLE = "node_modules/.cache/bench/service";
const ROUNDS = 7;
const POLL_MS = 20;
const START_LIMIT_MS = 60_000;

/** CPU time until the service answers its first request, beside bare Express with `node:sqlite`. */
export function start(): Promise<readonly Comparison[]> {
  return inFolder("start", async (folder) => {
    const cost = (program: (port: number) => Promise<MeasuredServer>) => async () => {
      const port = await freePort();
      const server = await program(port);
      const { cpuMicros } = await usageWhenReady(server, port);
      await server.stop();
      return cpuMicros;
    };
    const bare = cost((port) => bareExpress(folder, port));
    const bundle = bundledService();
    const variants: readonly Variant[] = [
      {
        name: "start of the bundle, to its first answer",
        aim: 1 / 3,
        cost: cost((port) => theService(bundle, { folder, port })),
      },
      {
        name: "start of the sources",
        cost: cost((port) => theService(SOURCES, { folder, port })),
      },
    ];
    return [
      await compare(
        {
          baseline: { name: "the start of bare Express with node:sqlite", cost: bare },
          control: { name: "bare Express again", cost: bare },
          variants,
        },
        { rounds: ROUNDS },
      ),
    ];
  });
}

/** Bare Express with `node:sqlite`. */
export async function bareExpress(folder: string, port: number): Promise<MeasuredServer> {
  return new MeasuredServer({
    program: BARE_EXPRESS,
    given: { path: join(folder, "bare.db"), port },
    logFile: join(folder, "bare.log"),
  });
}

/** Bundles the service as for production; answers its program. */
export function bundledService(): URL {
  execFileSync(process.execPath, ["build/bundle_service.ts", BUNDLE], { cwd: ROOT });
  return new URL(`${BUNDLE}/main.js`, ROOT);
}

/** The service as the image starts it, with a key of Stripe's that nothing is sent with. */
export async function theService(
  program: URL,
  { folder, port, env = {} }: { folder: string; port: number; env?: NodeJS.ProcessEnv },
): Promise<MeasuredServer> {
  return new MeasuredServer({
    program,
    logFile: join(folder, "service.log"),
    nodeOptions: ["--max-semi-space-size=4", "--heap-growing-percent=60"],
    env: {
      ...process.env,
      MALLOC_ARENA_MAX: "2",
      PORT: String(port),
      SQLITE_PATH: join(folder, "billing.db"),
      STRIPE_SECRET_KEY: "sk_test_bench",
      STRIPE_WEBHOOK_SECRETS: "whsec_0123456789abcdef0123456789abcdef",
      AUTH_JWT_SECRET: "6f1e9a4cb7d28035e1f4a9c8b3d7062f5a8e4c1b9d3f7062",
      RECONCILE_INTERVAL_MINUTES: "0",
      RATE_LIMIT_PER_MINUTE: "1000000",
      ...env,
    },
  });
}

/** What a server has used when it first answers. */
export async function usageWhenReady(server: MeasuredServer, port: number) {
  const until = Date.now() + START_LIMIT_MS;
  for (;;) {
    const isReady = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) {
      return await server.usage();
    }
    if (Date.now() > until) {
      throw new Error("Cannot measure: the server does not answer");
    }
    await setTimeout(POLL_MS);
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return address !== null && typeof address === "object" ? address.port : 0;
}
