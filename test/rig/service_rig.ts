import { request as httpRequest } from "node:http";
import type { Express } from "express";
import { type AppOptions, createApp } from "../../src/adapters/http/app.ts";
import { type RunningServer, serve } from "../../src/adapters/http/serve.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import type { Billing } from "../../src/application/billing.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { createLogger, type Logger } from "../../src/kit/logger.ts";
import { createBilling } from "../../src/mod.ts";
import { StubPayments } from "../adapters/http/stub_payments.ts";
import { TENANT } from "../samples/account.ts";
import { CATALOG, NOW, ORIGIN, SECRET, token, WEBHOOK_SECRET } from "../samples/http.ts";
import { ScriptedInvoices } from "./scripted_invoices.ts";
import { ScriptedPacks } from "./scripted_packs.ts";
import { useFresh } from "./use_fresh.ts";

/** What came back. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body. */
  readonly body: Record<string, unknown>;
}

/** A request; without `headers` it is the one of a tenant's admin. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, anything else as it is. */
  readonly body?: unknown;
}

/** How a service under test differs from a plain one. */
export interface TestServiceOptions extends Partial<Omit<AppOptions, "billing" | "logger">> {
  /** Puts something in the way of the stores. */
  readonly store?: (store: BillingStore) => BillingStore;
  /** Puts something in the place of use cases. */
  readonly billing?: (billing: Billing) => Billing;
  /** Another application than the service's own. */
  readonly app?: (options: AppOptions) => Express;
  readonly catalog?: boolean;
}

/** A service that answers over real HTTP, with what it works on. */
export interface TestService {
  readonly url: string;
  readonly server: RunningServer;
  readonly payments: StubPayments;
  readonly packs: ScriptedPacks;
  readonly invoices: ScriptedInvoices;
  readonly store: BillingStore;
  readonly log: { readonly text: () => string; readonly lines: () => Record<string, unknown>[] };
  send(path: string, sent?: Sent): Promise<Received>;
  close(): Promise<void>;
}

/** The headers of a tenant's admin. */
export function adminHeaders(changes: Readonly<Record<string, string>> = {}) {
  return { Authorization: `Bearer ${token()}`, "X-Tenant-Id": TENANT, ...changes };
}

/** Starts a service on a free port: in-memory store, stubbed payments, real signatures. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const memory = openSqliteStore(":memory:");
  if (options.catalog !== false) {
    await memory.catalog.save(CATALOG);
  }
  const store = options.store?.(memory) ?? memory;
  const payments = new StubPayments();
  const packs = new ScriptedPacks();
  const invoices = new ScriptedInvoices();
  const { publisher, verifier, clock, background } = connectStripe({
    secretKey: "sk_test_http",
    webhookSecrets: [WEBHOOK_SECRET],
    clock: () => NOW,
  });
  const billing = createBilling({
    store,
    payments: {
      gateway: payments,
      snapshots: payments,
      packs,
      invoices,
      publisher,
      verifier,
      clock,
      background,
    },
    settings: { livemode: false, dashboardUrl: `${ORIGIN}/dashboard/billing` },
    clock: () => NOW,
  });
  const { logger, log } = memoryLogger();
  const app = (options.app ?? createApp)({
    authentication: {
      key: { type: "secret", secret: SECRET },
      clockToleranceSeconds: 5,
      tenantsClaim: "tenants",
    },
    corsOrigins: [ORIGIN],
    rateLimitPerMinute: 10_000,
    ...options,
    billing: options.billing?.(billing) ?? billing,
    logger,
  });
  const server = await serve(app, { port: 0, host: "127.0.0.1", logger });
  return {
    url: server.url,
    server,
    payments,
    packs,
    invoices,
    store,
    log,
    send: (path, sent) => send(`${server.url}${path}`, sent),
    async close() {
      await server.close(0);
      await billing.close();
    },
  };
}

/** A service that is started anew before each test and closed after it. */
export function useService(options: TestServiceOptions = {}): TestService {
  return useFresh(() => startTestService(options));
}

/** Sends a request and reads the whole answer. */
export async function send(url: string, sent: Sent = {}): Promise<Received> {
  const { body, method = body === undefined ? "GET" : "POST" } = sent;
  const isJson = typeof body === "object" && !(body instanceof Uint8Array);
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...(sent.headers ?? adminHeaders()),
    },
    ...(body !== undefined && {
      body: isJson ? JSON.stringify(body) : (body as NonNullable<RequestInit["body"]>),
    }),
  });
  const text = await response.text();
  const isJsonAnswer = response.headers.get("Content-Type")?.includes("json") ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJsonAnswer && text !== "" ? JSON.parse(text) : {},
  };
}

/** Sends a request whose headers `fetch` would not send; a list is sent as repeated headers. */
export function sendHeaders(
  url: string,
  headers: Readonly<Record<string, string | string[]>>,
  { method = "GET", body = "" }: { method?: string; body?: string } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** A logger whose lines can be read. */
export function memoryLogger(): { logger: Logger; log: TestService["log"] } {
  let text = "";
  const destination = {
    write(line: string) {
      text += line;
    },
  };
  const lines = () =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line): Record<string, unknown> => JSON.parse(line));
  return {
    logger: createLogger({ level: "debug", destination }),
    log: { text: () => text, lines },
  };
}
