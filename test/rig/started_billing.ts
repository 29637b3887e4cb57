import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/mod.ts";
import { type Service, startService } from "../../src/composition/service.ts";
import { parseSettings } from "../../src/composition/settings.ts";
import { createLogger } from "../../src/kit/logger.ts";
import type { Environment } from "../../src/kit/settings.ts";

/** An answer of the service. */
export interface ApiAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as the JSON they are
  readonly body: any;
}

/** A service and a sandbox that run as `npm start` would run them, on free ports. */
export interface StartedBilling {
  readonly service: Service;
  readonly sandbox: Sandbox;
  readonly tenantId: string;
  /** A request of the tenant's owner. */
  api(method: "GET" | "POST", path: string, body?: object): Promise<ApiAnswer>;
  /** A call of the sandbox's control API; its webhooks have been delivered when it answers. */
  control(path: string, body?: object): Promise<ApiAnswer>;
  /** Starts both again on what they have stored. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Webhook retries follow so closely in tests. Milliseconds. */
const RETRY_DELAYS_MS = [5, 10, 20, 40, 80, 160, 320, 640];
const START_OF_TIME = Date.parse("2026-11-23T10:00:00Z");

/**
 * Starts service and sandbox in an empty folder.
 *
 * @param env settings beside those that a test always has
 */
export async function startBilling(env: Environment = {}): Promise<StartedBilling> {
  const folder = await mkdtemp(join(tmpdir(), "billing-"));
  const settings = {
    PORT: "0",
    LOG_LEVEL: "silent",
    SQLITE_PATH: join(folder, "billing.db"),
    SANDBOX_STATE: join(folder, "sandbox.json"),
    ...env,
  };
  let running = await start(settings, 0);
  return {
    get service() {
      return running.service;
    },
    get sandbox() {
      return running.sandbox;
    },
    get tenantId() {
      return welcomeOf(running.service).tenantId;
    },
    api: async (method, path, body) => {
      const { url, tenantId, token } = welcomeOf(running.service);
      return await call(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          "x-tenant-id": tenantId,
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
    },
    control: async (path, body = {}) => {
      const answer = await call(`${running.sandbox.url}/_sandbox${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      await running.sandbox.settled();
      return answer;
    },
    restart: async () => {
      const { sandbox, service } = running;
      await service.stop();
      const PORT = new URL(service.url).port;
      running = await start({ ...settings, PORT }, sandbox.port);
    },
    stop: async () => {
      await running.service.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function start(
  env: Environment,
  sandboxPort: number,
): Promise<{ service: Service; sandbox: Sandbox }> {
  const parsed = parseSettings(env);
  if (!parsed.ok) {
    throw new Error(parsed.problems.join("; "));
  }
  const { settings } = parsed;
  const { sandboxState: statePath } = settings;
  const sandbox = await startSandbox({
    port: sandboxPort,
    retryDelaysMs: RETRY_DELAYS_MS,
    now: () => START_OF_TIME,
    ...(statePath !== null && { statePath }),
  });
  const logger = createLogger({ level: settings.logLevel });
  return { service: await startService(settings, { logger, sandbox }), sandbox };
}

function welcomeOf({ welcome }: Service) {
  if (welcome === null) {
    throw new Error("Expected a service in development mode");
  }
  return welcome;
}

async function call(url: string, init: RequestInit): Promise<ApiAnswer> {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json() };
}
