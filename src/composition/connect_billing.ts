import type { MongoStore } from "../adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "../adapters/sqlite/open_sqlite_store.ts";
import { connectStripe, type StripeOptions } from "../adapters/stripe/connect_stripe.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { RaiseAlert } from "../application/ports/subscription/raise_alert.ts";
import type { Config } from "./config.ts";
import { createBilling, type EmbeddedBilling } from "./create_billing.ts";
import { dashboardUrl, localServiceUrl, redirectOrigins } from "./wire_dashboard.ts";

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
      refundDuplicates: config.refundDuplicates,
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
  const { openMongoStore } = await import("../adapters/mongodb/open_mongo_store.ts");
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
