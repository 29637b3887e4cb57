import { createSecretKey, randomBytes } from "node:crypto";
import { createApp } from "./adapters/http/app.ts";
import type { AuthenticationOptions } from "./adapters/http/authentication.ts";
import { signDevelopmentToken } from "./adapters/http/development_token.ts";
import { lateApp } from "./adapters/http/late_app.ts";
import { type RunningServer, serve } from "./adapters/http/serve.ts";
import type { MongoStore } from "./adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "./adapters/sqlite/open_sqlite_store.ts";
import { connectStripe, type StripeOptions } from "./adapters/stripe/connect_stripe.ts";
import { startPurge } from "./adapters/worker/start_purge.ts";
import {
  firstReconciliationMs,
  startReconciliation,
} from "./adapters/worker/start_reconciliation.ts";
import { startTokenWorker } from "./adapters/worker/start_token_worker.ts";
import { startWorker } from "./adapters/worker/start_worker.ts";
import type { HandledEvent } from "./application/handle_due_events.ts";
import type { BillingStore } from "./application/ports/billing_store.ts";
import type { RaiseAlert } from "./application/ports/raise_alert.ts";
import type { ReconcileOutcome, TenantResult } from "./application/reconcile.ts";
import type { Config } from "./config.ts";
import type { Logger } from "./logger.ts";
import { createBilling, type EmbeddedBilling } from "./mod.ts";
import { publishCatalog } from "./publish_catalog.ts";
import type { Welcome } from "./welcome.ts";
import {
  DEVELOPMENT_TENANT,
  dashboardUrl,
  localServiceUrl,
  redirectOrigins,
  type WiredDashboard,
  wireDashboard,
} from "./wire_dashboard.ts";

const WORKER_INTERVAL_MS = 1_000;
const WORKER_BATCH_SIZE = 50;
const PURGE_INTERVAL_MS = 3_600_000;
const PURGE_BATCH_SIZE = 500;
const EXPIRY_INTERVAL_MS = 5_000;
const SWEEP_INTERVAL_MS = 600_000;
const TOKEN_BATCH_SIZE = 100;
const SHUTDOWN_GRACE_MS = 10_000;

/** What takes Stripe's place in development. */
export interface StripeSandbox {
  readonly url: string;
  now(): Date;
  addWebhookEndpoint(endpoint: { url: string; secret: string }): void;
  close(): Promise<void>;
}

/** What development has in Stripe's stead. */
export interface Development {
  readonly sandbox: StripeSandbox;
  readonly webhookSecret: string;
}

/** A running service. */
export interface Service {
  readonly url: string;
  /** What to tell a developer; `null` in production and where tokens are signed elsewhere. */
  readonly welcome: Welcome | null;
  /** Finishes what is in hand, then ends; the sandbox too. */
  stop(): Promise<void>;
}

/**
 * Starts the service: HTTP, the worker and, in development, the plans in the sandbox.
 *
 * @throws when a part cannot start; what had started by then is stopped again
 */
export async function startService(
  config: Config,
  { logger, sandbox }: { logger: Logger; sandbox: StripeSandbox | null },
): Promise<Service> {
  const ends: (() => Promise<void>)[] = [async () => await sandbox?.close()];
  let server: RunningServer | undefined;
  const stop = async () => {
    await server?.close(SHUTDOWN_GRACE_MS);
    for (const end of ends.toReversed()) {
      await end();
    }
  };
  try {
    const late = lateApp();
    server = await serve(late.listener, { ...config.http, logger });
    const { url } = server;
    const webhookSecret = `whsec_sandbox_${randomBytes(24).toString("hex")}`;
    const development = sandbox && { sandbox, webhookSecret };
    const billing = await connectBilling(config, development, {
      serviceUrl: url,
      raiseAlert: (alert) =>
        logger.error({ alert }, "Somebody should look at this tenant's billing"),
    });
    ends.push(() => billing.close());
    if (sandbox !== null) {
      await publishCatalog(config.plansFile, billing.syncCatalog);
    }
    const worker = startWorker({
      handleDueEvents: billing.handleDueEvents,
      intervalMs: WORKER_INTERVAL_MS,
      batchSize: WORKER_BATCH_SIZE,
      onHandled: (handled) => logHandled(logger, handled),
      onError: (error) => logger.error({ err: error }, "Cannot read events that are due"),
    });
    ends.push(() => worker.stop());
    const purge = startPurge({
      purgeEvents: billing.purgeEvents,
      intervalMs: PURGE_INTERVAL_MS,
      batchSize: PURGE_BATCH_SIZE,
      onError: (error) => logger.error({ err: error }, "Cannot remove old events"),
    });
    ends.push(() => purge.stop());
    const tokens = startTokenWorker({
      expireReservations: billing.expireReservations,
      sweepMonthlyTokens: billing.sweepMonthlyTokens,
      expiryIntervalMs: EXPIRY_INTERVAL_MS,
      sweepIntervalMs: SWEEP_INTERVAL_MS,
      batchSize: TOKEN_BATCH_SIZE,
      onError: (error) => logger.error({ err: error }, "Cannot keep the token ledgers up to date"),
    });
    ends.push(() => tokens.stop());
    const { intervalMs } = config.reconciliation;
    if (intervalMs !== null) {
      const reconciliation = startReconciliation({
        reconcile: billing.reconcile,
        intervalMs,
        firstAfterMs: firstReconciliationMs(intervalMs, Math.random()),
        ...reconciliationLog(logger),
      });
      ends.push(() => reconciliation.stop());
    }
    const key = verificationKey(config);
    const wired = await wireDashboard(config, key);
    const app = createApp({
      billing,
      authentication: { ...config.auth, key },
      corsOrigins: redirectOrigins(config, { serviceUrl: url, sandboxUrl: sandbox?.url ?? null }),
      dashboard: wired.dashboard,
      rateLimitPerMinute: config.rateLimitPerMinute,
      trustedProxies: config.trustedProxies,
      logger,
    });
    late.open(app);
    sandbox?.addWebhookEndpoint({ url: `${url}/billing/webhook`, secret: webhookSecret });
    return { url, welcome: welcomeOf(config, { url, key, sandbox, wired }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What is known where the use cases are connected. */
export interface ConnectOptions {
  /** Where the service listens. Default: the port of the settings, on this machine. */
  readonly serviceUrl?: string;
  readonly raiseAlert?: RaiseAlert;
}

/**
 * The use cases as the settings connect them: to Stripe, or to the sandbox in its place.
 *
 * @throws when neither is given, or the database cannot be opened
 */
export async function connectBilling(
  config: Config,
  development: Development | null,
  { serviceUrl = localServiceUrl(config), raiseAlert }: ConnectOptions = {},
): Promise<EmbeddedBilling> {
  const sandbox = development?.sandbox ?? null;
  const payments = connectStripe({
    ...stripeOptions(config, development),
    backgroundRequestsPerSecond: config.reconciliation.requestsPerSecond,
  });
  return createBilling({
    store: await openStore(config),
    payments,
    settings: {
      livemode: config.stripe?.livemode ?? false,
      dashboardUrl: dashboardUrl(config, serviceUrl),
      allowedRedirectOrigins: redirectOrigins(config, {
        serviceUrl,
        sandboxUrl: sandbox?.url ?? null,
      }),
      allowHttpLoopback: !config.production,
      graceDays: config.graceDays,
      duplicatePolicy: config.refundDuplicates ? "cancel-and-refund" : "report",
      events: config.events,
    },
    ...(sandbox && { clock: () => sandbox.now() }),
    ...(raiseAlert && { raiseAlert }),
  });
}

/**
 * The store in MongoDB that the settings name.
 *
 * @throws when they name none, or it cannot be reached
 */
export async function openMongodb({
  mongodb,
  events,
}: Pick<Config, "mongodb" | "events">): Promise<MongoStore> {
  if (mongodb === null) {
    throw new TypeError("Cannot open MongoDB: MONGODB_URL is missing");
  }
  const { openMongoStore } = await import("./adapters/mongodb/open_mongo_store.ts");
  const { url, autoIndex } = mongodb;
  const { retentionDays } = events;
  return await openMongoStore({
    url: url.reveal(),
    autoIndex,
    eventRetentionDays: retentionDays,
  });
}

/**
 * The store that the settings name.
 *
 * @throws {PortError} when it cannot be opened
 */
export async function openStore(config: Config): Promise<BillingStore> {
  return config.mongodb === null ? openSqliteStore(config.sqlitePath) : await openMongodb(config);
}

/**
 * How to reach Stripe, or the sandbox in its place.
 *
 * @throws {TypeError} when neither is given
 */
export function stripeOptions({ stripe }: Config, development: Development | null): StripeOptions {
  if (development !== null) {
    const { sandbox, webhookSecret } = development;
    return {
      secretKey: "sk_test_sandbox",
      webhookSecrets: [webhookSecret],
      baseUrl: sandbox.url,
    };
  }
  if (stripe === null) {
    throw new TypeError("Cannot connect to Stripe: STRIPE_SECRET_KEY is missing");
  }
  return {
    secretKey: stripe.secretKey.reveal(),
    webhookSecrets: stripe.webhookSecrets.map((secret) => secret.reveal()),
  };
}

function verificationKey({ auth: { key } }: Config): AuthenticationOptions["key"] {
  switch (key?.type) {
    case "secret":
      return { type: "secret", secret: createSecretKey(key.secret.reveal(), "utf8") };
    case "jwks":
      return key;
    case undefined:
      return { type: "secret", secret: createSecretKey(randomBytes(32)) };
    default:
      return key satisfies undefined;
  }
}

function welcomeOf(
  config: Config,
  {
    url,
    key,
    sandbox,
    wired,
  }: {
    url: string;
    key: AuthenticationOptions["key"];
    sandbox: StripeSandbox | null;
    wired: WiredDashboard;
  },
): Welcome | null {
  if (config.production || key.type === "jwks") {
    return null;
  }
  const tenantId = DEVELOPMENT_TENANT;
  return {
    url,
    sandboxUrl: sandbox?.url ?? null,
    tenantId,
    token: signDevelopmentToken(key.secret, { tenantId, ...config.auth }),
    signInUrl: wired.signInPath && `${url}${wired.signInPath}`,
    returnUrl: dashboardUrl(config, url),
  };
}

/** Differences are warnings: a webhook was lost, or somebody changed what should not be. */
function reconciliationLog(logger: Logger) {
  return {
    onDifference: ({ tenantId, drift, failure }: TenantResult) =>
      logger.warn({ tenantId, drift, failure }, "A tenant differed from Stripe"),
    onDone: (outcome: ReconcileOutcome) => {
      const isAmiss = outcome.type !== "reconciled" || outcome.drifted + outcome.failed > 0;
      logger[isAmiss ? "warn" : "info"](outcome, "Compared the tenants with Stripe");
    },
    onError: (error: unknown) => logger.error({ err: error }, "Cannot compare with Stripe"),
  };
}

function logHandled(logger: Logger, { eventId, outcome }: HandledEvent): void {
  if (outcome.type === "settled") {
    const { state } = outcome.outcome;
    logger.info({ eventId, state, err: outcome.error }, "Handled an event that was due");
  }
}
