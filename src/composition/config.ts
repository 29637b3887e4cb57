import { type Environment, type EnvironmentReader, readEnvironment } from "../kit/environment.ts";
import { Secret } from "../kit/secret.ts";
import { type AuthConfig, parseAuth } from "./auth_config.ts";

/** The settings of the service, checked. */
export interface Config {
  readonly production: boolean;
  readonly http: { readonly host: string; readonly port: number };
  /** `null`: the embedded database. */
  readonly mongodb: {
    readonly url: Secret;
    /** Whether missing indexes are created at the start. */
    readonly autoIndex: boolean;
  } | null;
  readonly sqlitePath: string;
  /** `null`: the sandbox takes Stripe's place. */
  readonly stripe: {
    readonly secretKey: Secret;
    readonly webhookSecrets: readonly Secret[];
    /** Whether the key moves live money. */
    readonly livemode: boolean;
  } | null;
  readonly sandbox: { readonly port: number; readonly statePath: string | null };
  readonly auth: AuthConfig;
  /** Where the service is reached from outside, without a path's last slash. */
  readonly publicUrl: string | null;
  /** `null`: the service's own page. */
  readonly dashboardUrl: string | null;
  /** Where that page asks who is signed in; `null`: nowhere, or in development at the service. */
  readonly dashboardSessionUrl: string | null;
  /** `null`: the dashboard's origin. */
  readonly allowedRedirectOrigins: readonly string[] | null;
  readonly plansFile: string;
  readonly graceDays: number;
  /** Whether a tenant that paid for two subscriptions gets the newer payment back by itself. */
  readonly refundDuplicates: boolean;
  readonly events: EventConfig;
  readonly reconciliation: {
    /** `null`: only by command. */
    readonly intervalMs: number | null;
    /** Requests to Stripe that background work of a process may send. */
    readonly requestsPerSecond: number;
  };
  readonly rateLimitPerMinute: number;
  /** How many proxies in front of the service may set `X-Forwarded-For`. */
  readonly trustedProxies: number;
  readonly logLevel: string;
}

/** How stored events are handled. */
export interface EventConfig {
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly leaseMs: number;
  readonly concurrency: number;
  readonly retentionDays: number;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/**
 * Reads the settings from environment variables. Everything that is wrong is reported at once,
 * a sentence per problem; no problem shows a secret's value.
 */
export function parseConfig(
  env: Environment,
): { ok: true; config: Config } | { ok: false; problems: readonly string[] } {
  const problems: string[] = [];
  const read = readEnvironment(env, problems);
  const production = env.NODE_ENV === "production";
  const config: Config = {
    production,
    http: { host: read.text("HOST") ?? "127.0.0.1", port: read.integer("PORT", 3000, [0, 65_535]) },
    mongodb: parseMongodb(read, problems, production),
    sqlitePath: read.text("SQLITE_PATH") ?? "./data/billing.db",
    stripe: parseStripe(read, problems, production),
    sandbox: parseSandbox(read),
    auth: parseAuth(read, problems, production),
    publicUrl: parsePublicUrl(read, problems),
    dashboardUrl: read.url("DASHBOARD_URL"),
    dashboardSessionUrl: read.url("DASHBOARD_SESSION_URL"),
    allowedRedirectOrigins: parseOrigins(read, problems),
    plansFile: read.text("PLANS_FILE") ?? "plans.json",
    graceDays: read.integer("GRACE_DAYS", 14, [0, 365]),
    refundDuplicates: read.flag("REFUND_DUPLICATES", true),
    events: parseEvents(read, problems),
    reconciliation: parseReconciliation(read),
    rateLimitPerMinute: read.integer("RATE_LIMIT_PER_MINUTE", 300, [1, 1_000_000]),
    trustedProxies: read.integer("TRUSTED_PROXIES", 0, [0, 16]),
    logLevel: parseLogLevel(read, problems),
  };
  if (production) {
    problems.push(...productionProblems(read, config));
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

function parsePublicUrl(read: EnvironmentReader, problems: string[]): string | null {
  const url = read.url("PUBLIC_URL");
  if (url !== null && /[?#@]/.test(url)) {
    problems.push("PUBLIC_URL must be an address without user, query and fragment");
  }
  return url?.replace(/\/+$/, "") ?? null;
}

/** Where Stripe's events arrive; `null` where the service does not know its own address. */
export function webhookUrl({ publicUrl }: Pick<Config, "publicUrl">): string | null {
  return publicUrl === null ? null : `${publicUrl}/billing/webhook`;
}

function parseMongodb(
  read: EnvironmentReader,
  problems: string[],
  production: boolean,
): Config["mongodb"] {
  const autoIndex = read.flag("MONGODB_AUTO_INDEX", !production);
  const url = read.text("MONGODB_URL");
  if (url === null) {
    return null;
  }
  if (!/^mongodb(\+srv)?:\/\/\S+$/.test(url)) {
    problems.push("MONGODB_URL must begin with mongodb:// or mongodb+srv://");
  }
  return { url: new Secret(url), autoIndex };
}

function parseStripe(
  read: EnvironmentReader,
  problems: string[],
  production: boolean,
): Config["stripe"] {
  const secretKey = read.text("STRIPE_SECRET_KEY");
  const webhookSecrets = read.list("STRIPE_WEBHOOK_SECRETS");
  if (secretKey === null) {
    if (production) {
      problems.push("STRIPE_SECRET_KEY is missing: set the secret or restricted key from Stripe");
    }
    if (production && webhookSecrets.length === 0) {
      problems.push("STRIPE_WEBHOOK_SECRETS is missing: set the webhook endpoint's signing secret");
    }
    return null;
  }
  if (!/^(sk|rk)_(test|live)_\S+$/.test(secretKey)) {
    problems.push("STRIPE_SECRET_KEY must begin with sk_test_, sk_live_, rk_test_ or rk_live_");
  }
  if (webhookSecrets.length === 0) {
    problems.push("STRIPE_WEBHOOK_SECRETS is missing: set the webhook endpoint's signing secret");
  }
  if (webhookSecrets.some((secret) => !/^whsec_\S+$/.test(secret))) {
    problems.push("STRIPE_WEBHOOK_SECRETS must be a comma-separated list of whsec_... values");
  }
  return {
    secretKey: new Secret(secretKey),
    webhookSecrets: webhookSecrets.map((secret) => new Secret(secret)),
    livemode: /^(sk|rk)_live_/.test(secretKey),
  };
}

function parseEvents(read: EnvironmentReader, problems: string[]): EventConfig {
  const retryBaseMs = read.integer("EVENT_RETRY_BASE_MS", 1_000, [10, 3_600_000]);
  const retryMaxMs = read.integer("EVENT_RETRY_MAX_MS", 3_600_000, [10, 86_400_000]);
  if (retryMaxMs < retryBaseMs) {
    problems.push("EVENT_RETRY_MAX_MS must not be less than EVENT_RETRY_BASE_MS");
  }
  return {
    maxAttempts: read.integer("EVENT_MAX_ATTEMPTS", 12, [1, 100]),
    retryBaseMs,
    retryMaxMs,
    leaseMs: read.integer("EVENT_LEASE_SECONDS", 60, [1, 3_600]) * 1_000,
    concurrency: read.integer("WORKER_CONCURRENCY", 8, [1, 64]),
    retentionDays: read.integer("EVENT_RETENTION_DAYS", 90, [30, 3_650]),
  };
}

function parseReconciliation(read: EnvironmentReader): Config["reconciliation"] {
  const minutes = read.integer("RECONCILE_INTERVAL_MINUTES", 360, [0, 43_200]);
  return {
    intervalMs: minutes === 0 ? null : minutes * 60_000,
    requestsPerSecond: read.integer("RECONCILE_REQUESTS_PER_SECOND", 10, [1, 100]),
  };
}

function parseSandbox(read: EnvironmentReader): Config["sandbox"] {
  const statePath = read.text("SANDBOX_STATE") ?? "./data/sandbox.json";
  return {
    port: read.integer("SANDBOX_PORT", 12_111, [0, 65_535]),
    statePath: statePath === ":memory:" ? null : statePath,
  };
}

function parseOrigins(read: EnvironmentReader, problems: string[]): readonly string[] | null {
  const origins = read.list("ALLOWED_REDIRECT_ORIGINS");
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      problems.push(
        `ALLOWED_REDIRECT_ORIGINS has "${origin}", which is no origin like https://app.example.com`,
      );
    }
  }
  return origins.length === 0 ? null : origins;
}

function parseLogLevel(read: EnvironmentReader, problems: string[]): string {
  const level = read.text("LOG_LEVEL") ?? "info";
  if (!LOG_LEVELS.includes(level)) {
    problems.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}`);
  }
  return level;
}

function productionProblems(read: EnvironmentReader, config: Config): string[] {
  const problems: string[] = [];
  if (config.mongodb === null && read.text("SQLITE_PATH") === null) {
    problems.push("MONGODB_URL is missing: set the database, or SQLITE_PATH for a single process");
  }
  if (config.dashboardUrl === null) {
    problems.push("DASHBOARD_URL is missing: set where the Customer Portal returns to");
  }
  if (config.publicUrl?.startsWith("http://")) {
    problems.push("PUBLIC_URL must use https");
  }
  for (const url of [config.dashboardUrl, ...(config.allowedRedirectOrigins ?? [])]) {
    if (url?.startsWith("http://")) {
      problems.push(`${url} must use https in DASHBOARD_URL and ALLOWED_REDIRECT_ORIGINS`);
    }
  }
  if (config.dashboardSessionUrl?.startsWith("http://")) {
    problems.push("DASHBOARD_SESSION_URL must use https");
  }
  return problems;
}
