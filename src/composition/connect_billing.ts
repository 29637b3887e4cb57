import type { MongoStore } from "../adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "../adapters/sqlite/open_sqlite_store.ts";
import { connectStripe, type StripeOptions } from "../adapters/stripe/connect_stripe.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { RaiseAlert } from "../application/ports/subscription/raise_alert.ts";
import type { Observe } from "../kit/observe.ts";
import { partOf } from "../kit/settings.ts";
import { SettingsError } from "../kit/settings_error.ts";
import { dashboardUrl, localServiceUrl, redirectOrigins } from "./addresses.ts";
import { BILLING_SETTINGS } from "./billing_settings.ts";
import { createBilling, type EmbeddedBilling } from "./create_billing.ts";
import { ledgerKeyTexts } from "./ledger_key_texts.ts";
import type { Settings } from "./settings.ts";

/** The sandbox, which stands in for Stripe in development. */
export interface StripeSandbox {
  readonly url: string;
  now(): Date;
  addWebhookEndpoint(endpoint: { url: string; secret: string }): void;
  close(): Promise<void>;
}

/** The sandbox with the secret of our webhook endpoint. */
export interface Development {
  readonly sandbox: StripeSandbox;
  readonly webhookSecret: string;
}

/** Options of `connectBilling`. */
export interface ConnectOptions {
  /** The service's address. Default: this machine, at the configured port. */
  readonly serviceUrl?: string;
  readonly raiseAlert?: RaiseAlert;
  /** Looks at use cases, and at calls of the store and of Stripe. */
  readonly observe?: Observe | undefined;
}

/**
 * Connects the use cases to the configured database and to Stripe or the sandbox.
 *
 * @throws if there is neither a Stripe key nor a sandbox, or the database cannot be opened
 */
export async function connectBilling(
  settings: Settings,
  development: Development | null,
  { serviceUrl = localServiceUrl(settings), raiseAlert, observe }: ConnectOptions = {},
): Promise<EmbeddedBilling> {
  const sandbox = development?.sandbox ?? null;
  return createBilling({
    store: await openStore(settings),
    payments: connectStripe(stripeOptions(settings, development)),
    settings: {
      ...partOf(BILLING_SETTINGS, settings),
      livemode: isLive(settings),
      dashboardUrl: dashboardUrl(settings, serviceUrl),
      allowedRedirectOrigins: redirectOrigins(settings, {
        serviceUrl,
        sandboxUrl: sandbox?.url ?? null,
      }),
      allowHttpLoopback: !settings.production,
      ledgerKeys: ledgerKeyTexts(settings),
    },
    ...(sandbox && { clock: () => sandbox.now() }),
    ...(raiseAlert && { raiseAlert }),
    observe,
  });
}

/** Whether Stripe's key moves live money. */
export function isLive({ stripeSecretKey }: Pick<Settings, "stripeSecretKey">): boolean {
  return /^(sk|rk)_live_/.test(stripeSecretKey?.reveal() ?? "");
}

/**
 * Opens the configured MongoDB store.
 *
 * @throws if none is configured or it cannot be reached
 */
export async function openMongodb(
  settings: Pick<Settings, "mongodbUrl" | "mongodbAutoIndex" | "eventRetentionDays">,
): Promise<MongoStore> {
  const { mongodbUrl, mongodbAutoIndex: autoIndex, eventRetentionDays } = settings;
  if (mongodbUrl === null) {
    throw new SettingsError(["MONGODB_URL is missing: it names the database"]);
  }
  const { openMongoStore } = await import("../adapters/mongodb/open_mongo_store.ts");
  return await openMongoStore({ url: mongodbUrl.reveal(), autoIndex, eventRetentionDays });
}

/**
 * Opens the configured store.
 *
 * @throws {PortError} when it cannot be opened
 */
export async function openStore(settings: Settings): Promise<BillingStore> {
  const { mongodbUrl, sqlitePath } = settings;
  return mongodbUrl === null ? openSqliteStore(sqlitePath) : await openMongodb(settings);
}

/**
 * Options to connect to Stripe or, in development, to the sandbox.
 *
 * @throws {TypeError} when neither is given
 */
export function stripeOptions(
  settings: Pick<
    Settings,
    "stripeSecretKey" | "stripeWebhookSecrets" | "reconcileRequestsPerSecond"
  >,
  development: Development | null,
): StripeOptions {
  const { stripeSecretKey, stripeWebhookSecrets, reconcileRequestsPerSecond } = settings;
  const common = { reconcileRequestsPerSecond };
  if (development !== null) {
    const { sandbox, webhookSecret } = development;
    return {
      secretKey: "sk_test_sandbox",
      webhookSecrets: [webhookSecret],
      baseUrl: sandbox.url,
      ...common,
    };
  }
  if (stripeSecretKey === null) {
    throw new TypeError("Cannot connect to Stripe: STRIPE_SECRET_KEY is missing");
  }
  return {
    secretKey: stripeSecretKey.reveal(),
    webhookSecrets: stripeWebhookSecrets.map((secret) => secret.reveal()),
    ...common,
  };
}
