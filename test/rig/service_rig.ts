import { request as httpRequest } from "node:http";
import type { Express } from "express";
import type { AppOptions } from "../../src/adapters/http/app.ts";
import { type RunningServer, serve } from "../../src/adapters/http/server/serve.ts";
import { connectStripe, type StripeOptions } from "../../src/adapters/stripe/connect_stripe.ts";
import type { Billing } from "../../src/application/billing.ts";
import { RequestCounts } from "../../src/application/limits/request_counts.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import type { Clock } from "../../src/application/ports/clock.ts";
import type { BillingSettings } from "../../src/composition/billing_settings.ts";
import type { Catalog } from "../../src/domain/catalog/catalog.ts";
import type { SnapshotSubscription } from "../../src/domain/subscription/customer_snapshot.ts";
import { fingerprint } from "../../src/kit/fingerprint.ts";
import { createLogger, type Logger } from "../../src/kit/logger.ts";
import { TENANT } from "../samples/account.ts";
import { CATALOG, NOW, token, WEBHOOK_SECRET } from "../samples/http.ts";
import { BillingFixture, SETTINGS } from "./billing_fixture.ts";
import type { ScriptedInvoices } from "./scripted_invoices.ts";
import type { ScriptedPacks } from "./scripted_packs.ts";
import type { ScriptedPayments } from "./scripted_payments.ts";
import { testApp } from "./test_app.ts";
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
export interface ServiceOptions extends Partial<Omit<AppOptions, "billing" | "logger">> {
  /** Puts something in the way of the stores. */
  readonly store?: (store: BillingStore) => BillingStore;
  /** Puts something in the place of use cases. */
  readonly billing?: (billing: Billing) => Billing;
  /** Another application than the service's own. */
  readonly app?: (options: AppOptions) => Express;
  /** What is on sale; `null`: nothing was published yet. */
  readonly catalog?: Catalog | null;
  /** The service's clock. Default: it stands, and deliveries are dated by it. */
  readonly clock?: Clock;
  readonly settings?: Partial<BillingSettings>;
  /** The clock of the limits of requests, in milliseconds. Default: it stands, so that no minute ends. */
  readonly limitsClock?: () => number;
  /** How to reach a server that answers as Stripe does. Default: a scripted provider. */
  readonly stripe?: Partial<StripeOptions>;
}

/** A service that answers over real HTTP, with what it works on. */
export interface TestService {
  readonly url: string;
  readonly server: RunningServer;
  readonly fixture: BillingFixture;
  readonly billing: Billing;
  readonly payments: ScriptedPayments;
  readonly packs: ScriptedPacks;
  readonly invoices: ScriptedInvoices;
  readonly store: BillingStore;
  readonly log: MemoryLog;
  send(path: string, sent?: Sent): Promise<Received>;
  close(): Promise<void>;
}

/** The headers of a tenant's admin. */
export function adminHeaders(changes: Readonly<Record<string, string>> = {}) {
  return { Authorization: `Bearer ${token()}`, "X-Tenant-Id": TENANT, ...changes };
}

/** Starts a service on a free port over a fixture. Signatures are real. */
export async function startTestService(options: ServiceOptions = {}): Promise<TestService> {
  const { catalog = CATALOG, settings, stripe } = options;
  const fixture = await BillingFixture.open({ catalog });
  fixture.now = NOW;
  const { clock = () => fixture.now } = options;
  const connected = connectStripe({
    secretKey: "sk_test_rig",
    webhookSecrets: [WEBHOOK_SECRET],
    ...(options.clock === undefined && { clock: () => NOW }),
    ...stripe,
  });
  const store = options.store?.(fixture.store) ?? fixture.store;
  const composed = fixture.compose({
    store,
    clock,
    settings: { ...SETTINGS, ...settings },
    payments: stripe ? connected : { verifier: connected.verifier, clock: connected.clock },
  });
  const startedMs = Date.now();
  const { limitsClock: now = () => startedMs } = options;
  const requestCounts = new RequestCounts({ store: store.requestCounts, nameOf: fingerprint, now });
  const counting = { ...composed.billing, requestCounts };
  const billing = options.billing?.(counting) ?? counting;
  const { logger, log } = memoryLogger();
  const app = testApp({ ...options, billing, logger }, options.app);
  const server = await serve(app, { port: 0, host: "127.0.0.1", logger });
  const { payments, packs, invoices } = fixture;
  return {
    url: server.url,
    server,
    fixture,
    billing,
    payments,
    packs,
    invoices,
    store,
    log,
    send: (path, sent) => send(`${server.url}${path}`, sent),
    async close() {
      await server.close(0);
      await requestCounts.stop();
      await composed.close();
    },
  };
}

/** A service that is started anew before each test and closed after it. */
export function useService(options: ServiceOptions = {}): TestService {
  return useFresh(() => startTestService(options));
}

/** Makes a subscription the only one that its customer has at the provider. */
export function subscribe({ payments }: TestService, subscription: SnapshotSubscription): void {
  payments.setTruth(subscription.customerId, { subscriptions: [subscription] });
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

/**
 * Sends a request whose headers or path `fetch` would not send as they are; a list is sent as
 * repeated headers.
 */
export function sendHeaders(
  url: string,
  headers: Readonly<Record<string, string | string[]>>,
  { method = "GET", body = "", path }: { method?: string; body?: string; path?: string } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const all = Object.entries({ Host: new URL(url).host, ...headers });
    const pairs = all.flatMap(([name, values]) =>
      [values].flat().flatMap((value) => [name, value]),
    );
    const options = { method, headers: pairs, ...(path !== undefined && { path }) };
    const request = httpRequest(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: text === "" ? {} : JSON.parse(text) });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** What was logged so far. */
export interface MemoryLog {
  text(): string;
  lines(): Record<string, unknown>[];
}

/** A logger whose lines can be read. */
export function memoryLogger(): { logger: Logger; log: MemoryLog } {
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
