import { createServer, type Server } from "node:http";
import { clearInterval, setInterval } from "node:timers";
import express from "express";
import { Account } from "./account.ts";
import { createApi } from "./api/api.ts";
import { createControl } from "./control/control.ts";
import { requireLocalHost } from "./pages/guard.ts";
import { createPages } from "./pages/pages.ts";
import { emptyState } from "./state/state.ts";
import { StateFile } from "./state/state_file.ts";
import type { RequestLog } from "./stripe_cli/request_logs.ts";
import { CliSockets } from "./stripe_cli/sockets.ts";
import { Deliverer } from "./webhooks/deliverer.ts";
import { registerEndpoint } from "./webhooks/endpoints.ts";

export const DEFAULT_PORT = 12_111;
export const DEFAULT_HOST = "127.0.0.1";
const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** About three days of retries, as Stripe gives a live endpoint. */
const DEFAULT_RETRY_DELAYS_MS = [
  200,
  1000,
  5000,
  30_000,
  300_000,
  HOUR_MS,
  4 * HOUR_MS,
  ...Array.from({ length: 6 }, () => 12 * HOUR_MS),
];

/** Where events are sent, as Stripe's dashboard would register it. */
export interface WebhookEndpointOptions {
  url: string;
  /** The signing secret, `whsec_...`; one is made where there is none yet. */
  secret?: string;
  /** Event types to send; all of them (`*`) by default. */
  enabledEvents?: string[];
}

/** How a sandbox is started. Everything has a default. */
export interface SandboxOptions {
  /** 12111 by default; 0 takes any free port. */
  port?: number;
  /** The address to listen on, 127.0.0.1 by default. */
  host?: string;
  /** A JSON file that keeps the state across restarts; without it memory only. */
  statePath?: string | undefined;
  /** Registered at start; one with the address of an existing endpoint replaces it. */
  webhookEndpoints?: WebhookEndpointOptions[];
  /** Makes what is random in deliveries repeatable, from 0 to 4294967295; 1 by default. */
  seed?: number | undefined;
  /** How long to wait before each further attempt of a delivery, in milliseconds. */
  retryDelaysMs?: number[];
  /** The base clock in milliseconds, `Date.now` by default; the clock call moves on from it. */
  now?: () => number;
  /** Takes lines that are worth telling, each once; without it they are not told. */
  log?: (line: string) => void;
}

/** A running sandbox. */
export interface Sandbox {
  /** Where it listens, such as `http://127.0.0.1:12111`. */
  readonly url: string;
  readonly port: number;
  readonly host: string;
  /** The sandbox's time. */
  now(): Date;
  /**
   * Registers an endpoint, or gives the one with the same address these settings; answers its
   * signing secret. It outlives a reset.
   */
  addWebhookEndpoint(endpoint: WebhookEndpointOptions): string;
  /** Resolves when no delivery is under way or waits for a retry. Held ones do not count. */
  settled(): Promise<void>;
  /** Stops listening and sending, and saves the state. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox.
 * @throws {Error} where the port is taken or the state file cannot be read
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const file = options.statePath === undefined ? undefined : new StateFile(options.statePath);
  const state = (await file?.load()) ?? emptyState();
  state.delivery.seed = options.seed ?? state.delivery.seed;
  const saved = async () => file?.save(state);
  const saveSoon = () => void saved().catch(() => undefined);
  const deliverer = new Deliverer({
    state,
    retryDelaysMs: options.retryDelaysMs ?? DEFAULT_RETRY_DELAYS_MS,
    changed: saveSoon,
  });
  const sockets = new CliSockets(state);
  const account = new Account({
    state,
    now: options.now ?? Date.now,
    deliver: (events) => {
      deliverer.send(events);
      void sockets.send(events);
    },
    resend: (event, endpoint) => {
      endpoint === null ? void sockets.send([event]) : deliverer.resend(event, endpoint);
    },
  });
  const addWebhookEndpoint = (endpoint: WebhookEndpointOptions) => {
    const created = Math.floor(account.nowMs() / SECOND_MS);
    const { secret } = registerEndpoint(state, endpoint, created);
    saveSoon();
    return secret;
  };
  const host = options.host ?? DEFAULT_HOST;
  const server = createServer(
    createApp({
      account,
      deliverer,
      saved,
      host,
      log: once(options.log),
      requested: (request) => sockets.tell(request),
    }),
  );
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head));
  const port = await listen(server, options.port ?? DEFAULT_PORT, host);
  const url = `http://${nameOf(host)}:${port}`;
  account.baseUrl = url;
  for (const endpoint of options.webhookEndpoints ?? []) {
    addWebhookEndpoint(endpoint);
  }
  deliverer.resume();
  const ticking = setInterval(() => {
    if (account.catchUp()) {
      saveSoon();
    }
  }, SECOND_MS);
  ticking.unref();

  return {
    url,
    port,
    host,
    now: () => new Date(account.nowMs()),
    addWebhookEndpoint,
    settled: () => deliverer.settled(),
    close: async () => {
      clearInterval(ticking);
      deliverer.close();
      sockets.close();
      await stop(server);
      await saved();
    },
  };
}

interface AppPorts {
  account: Account;
  deliverer: Deliverer;
  saved: () => Promise<void>;
  host: string;
  log: (line: string) => void;
  requested: (request: RequestLog) => void;
}

function createApp(ports: AppPorts): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(createApi(ports));
  app.use(requireLocalHost(ports.host));
  app.use("/_sandbox", createControl(ports));
  const { account, deliverer, saved } = ports;
  const attempted = (event: string) => deliverer.attempted(event);
  app.use(createPages({ account, saved, attempted, attemptedAll: () => deliverer.attemptedAll() }));
  return app;
}

/** Tells each line once. */
function once(log: (line: string) => void = () => undefined): (line: string) => void {
  const told = new Set<string>();
  return (line) => {
    if (!told.has(line)) {
      told.add(line);
      log(line);
    }
  };
}

/** What stands for a listening address in a URL that this machine can open. */
function nameOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") {
    return DEFAULT_HOST;
  }
  return host.includes(":") ? `[${host}]` : host;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(describeRefusal(error, { port, host })));
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function describeRefusal(error: Error, { port, host }: { port: number; host: string }): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} of ${host} is in use. Stop what listens there, or choose another port`,
    EACCES: `this user may not listen on port ${port}. Choose one above 1023`,
    EADDRNOTAVAIL: `this machine has no address ${host}. Choose another host`,
    ENOTFOUND: `this machine has no address ${host}. Choose another host`,
  };
  const reason = "code" in error ? reasons[String(error.code)] : undefined;
  const setting = reason?.endsWith("host") ? "--host, SANDBOX_HOST" : "--port, SANDBOX_PORT";
  return reason === undefined
    ? error
    : new Error(`Cannot start the sandbox: ${reason} (${setting})`, { cause: error });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
