import { createSecretKey } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stripe } from "stripe";
import { type Sandbox, startSandbox } from "../../sandbox/mod.ts";
import { signDevelopmentToken } from "../../src/adapters/http/identity/development_token.ts";
import { type Service, startService } from "../../src/composition/service.ts";
import type { CatalogDefinition, Interval } from "../../src/domain/catalog/catalog.ts";
import { createLogger } from "../../src/kit/logger.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { clientOf } from "../sandbox/rig.ts";
import { settingsOf } from "./settings_of.ts";
import { useFresh } from "./use_fresh.ts";

/** An answer of the service. */
export interface ApiAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as the JSON they are
  readonly body: any;
}

/** What a tenant chooses: a plan, or a pack. */
export type Choice =
  | { readonly planSlug: string; readonly interval?: Interval }
  | { readonly packSlug: string };

/** A card that always pays. */
export const GOOD_CARD = "4242424242424242";

/** A card that pays once and fails from then on. */
export const FAILS_LATER = "4000000000000341";

/** A service and a sandbox that run as `npm start` would run them, on free ports. */
export interface StartedBilling {
  readonly service: Service;
  readonly sandbox: Sandbox;
  /** A client of the sandbox. */
  readonly stripe: Stripe;
  readonly tenantId: string;
  /** Where it keeps its database and its plans file. */
  readonly folder: string;
  /** The settings of programs that run beside it. */
  readonly env: Environment;
  /** A request of the tenant's owner. */
  api(method: "GET" | "POST", path: string, body?: object): Promise<ApiAnswer>;
  /** A call of the sandbox's control API; its webhooks have been delivered when it answers. */
  control(path: string, body?: object): Promise<ApiAnswer>;
  /** Where the tenant's owner goes to get what was chosen; comes back to the sandbox's root. */
  choose(choice: Choice): Promise<ApiAnswer>;
  /** Buys what was chosen without Checkout's page; answers the session's id. */
  buy(choice: Choice, card?: string): Promise<string>;
  /** What the tenant's owner sees of the subscription. */
  subscription(): Promise<ApiAnswer["body"]>;
  /** Starts both again on what they have stored, with other settings. */
  restart(env?: Environment): Promise<void>;
  close(): Promise<void>;
}

/** Webhook retries follow so closely in tests. Milliseconds. */
const RETRY_DELAYS_MS = [5, 10, 20, 40, 80, 160, 320, 640];
/** When the time of service and sandbox begins, which stands until it is moved. */
export const START_OF_TIME = Date.parse("2026-11-23T10:00:00Z");

/**
 * Starts service and sandbox in an empty folder.
 *
 * @param env settings beside those that a test always has
 * @param change what the shipped plans become before they are published
 */
export async function startBilling(
  env: Environment = {},
  change: (shipped: CatalogDefinition) => CatalogDefinition = (shipped) => shipped,
): Promise<StartedBilling> {
  const folder = await mkdtemp(join(tmpdir(), "billing-"));
  const settings = {
    LOG_LEVEL: "silent",
    // One user does in a minute what many do in a day.
    RATE_LIMIT_PER_MINUTE: "100000",
    SQLITE_PATH: join(folder, "billing.db"),
    PLANS_FILE: join(folder, "plans.json"),
    ...env,
  };
  const own = { SANDBOX_STATE: join(folder, "sandbox.json"), ...settings };
  const shipped = JSON.parse(await readFile("plans.json", "utf8"));
  await writeFile(settings.PLANS_FILE, JSON.stringify(change(shipped)));
  let running = await start({ ...own, PORT: "0" }, 0);
  const api: StartedBilling["api"] = async (method, path, body) => {
    const { url } = running.service;
    const { tenantId, token } = ownerOf(running.service, env.AUTH_JWT_SECRET);
    const headers = { authorization: `Bearer ${token}`, "x-tenant-id": tenantId };
    return await call(`${url}${path}`, { method, headers, body });
  };
  const control: StartedBilling["control"] = async (path, body = {}) => {
    const { sandbox } = running;
    const answer = await call(`${sandbox.url}/_sandbox${path}`, { method: "POST", body });
    await sandbox.settled();
    return answer;
  };
  const choose: StartedBilling["choose"] = (choice) => {
    const { url } = running.sandbox;
    const successUrl = `${url}/?session={CHECKOUT_SESSION_ID}`;
    const wish = { ...choice, successUrl, cancelUrl: `${url}/?canceled` };
    return api("POST", "/billing/checkout", wish);
  };
  return {
    get service() {
      return running.service;
    },
    get sandbox() {
      return running.sandbox;
    },
    get stripe() {
      return clientOf(running.sandbox);
    },
    get tenantId() {
      return ownerOf(running.service, env.AUTH_JWT_SECRET).tenantId;
    },
    get env() {
      return { ...settings, SANDBOX_PORT: String(running.sandbox.port) };
    },
    folder,
    api,
    control,
    choose,
    buy: async (choice, card = GOOD_CARD) => {
      const { body } = await choose(choice);
      const session = String(body.url).split("/").at(-1) ?? "";
      await control(`/checkout/${session}/complete`, { card });
      return session;
    },
    subscription: async () => (await api("GET", "/billing/subscription")).body,
    restart: async (other = {}) => {
      const { sandbox, service } = running;
      await service.stop();
      const { port } = new URL(service.url);
      running = await start({ ...own, PORT: port, ...other }, sandbox.port);
    },
    close: async () => {
      await running.service.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** A service that is started anew before each test and closed after it. */
export function useStarted(
  env: () => Environment | Promise<Environment> = () => ({}),
  change?: Parameters<typeof startBilling>[1],
): StartedBilling {
  return useFresh(async () => startBilling(await env(), change));
}

async function start(
  env: Environment,
  sandboxPort: number,
): Promise<{ service: Service; sandbox: Sandbox }> {
  const settings = settingsOf(env);
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

/** Whom the service has made a token for; one with a secret of its own makes none. */
function ownerOf({ welcome }: Service, secret: string | undefined) {
  if (welcome !== null) {
    return welcome;
  }
  if (secret === undefined) {
    throw new Error("Expected a service in development mode");
  }
  const tenantId = "cldevelop1";
  const key = createSecretKey(Buffer.from(secret));
  return { tenantId, token: signDevelopmentToken(key, { tenantId, tenantsClaim: "tenants" }) };
}

async function call(
  url: string,
  { body, headers = {}, method }: { method: string; headers?: object; body?: object | undefined },
): Promise<ApiAnswer> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
