import { DEFAULT_RECONCILE_REQUESTS_PER_SECOND } from "../application/ports/billing_payments.ts";
import {
  choice,
  consent,
  flag,
  integer,
  optionalInteger,
  optionalText,
  seconds,
  secret,
  secrets,
  text,
  url,
} from "../kit/setting.ts";
import {
  ACCESS_SETTINGS,
  ADDRESS_SETTINGS,
  EVENT_SETTINGS,
  LEDGER_SETTINGS,
  NOTIFICATION_SETTINGS,
  PAPERWORK_SETTINGS,
  QUOTA_SETTINGS,
  WORKER_SETTINGS,
} from "./billing_settings.ts";

const MIN_JWT_SECRET_BYTES = 32;
const MIN_METRICS_TOKEN_BYTES = 16;

const HTTP_SETTINGS = {
  PORT: integer({
    default: 3_000,
    bounds: [0, 65_535],
    meaning: "the port it listens on; 0 for any free port",
  }),
  HOST: text({
    default: "127.0.0.1",
    defaultText: "`127.0.0.1` (`0.0.0.0` in the image)",
    meaning: "the address it listens on",
  }),
  ALLOW_PUBLIC_DEVELOPMENT: consent({
    meaning:
      "allows development on an address other than loopback, where anybody who reaches it pays " +
      "nothing and sees all tenants",
  }),
  RATE_LIMIT_PER_MINUTE: integer({
    default: 300,
    bounds: [1, 1_000_000],
    meaning:
      "requests per user that read; unidentified ones count per IP address, which is then refused " +
      "before its tokens are checked",
  }),
  RATE_LIMIT_WRITES_PER_MINUTE: optionalInteger({
    defaultText: "a third of `RATE_LIMIT_PER_MINUTE`",
    bounds: [1, 1_000_000],
    meaning: "requests per user that write",
  }),
  RATE_LIMIT_STRIPE_PER_MINUTE: optionalInteger({
    defaultText: "a tenth of `RATE_LIMIT_PER_MINUTE`",
    bounds: [1, 1_000_000],
    meaning: "requests per user that call Stripe",
  }),
  RATE_LIMIT_SERVICE_PER_MINUTE: optionalInteger({
    defaultText: "20 times `RATE_LIMIT_PER_MINUTE`",
    bounds: [1, 100_000_000],
    meaning:
      "requests per service and tenant that read, and as many that write; a tenth that call Stripe",
  }),
  TRUSTED_PROXIES: integer({
    default: 0,
    bounds: [0, 16],
    meaning: "number of proxies in front that may set `X-Forwarded-For`",
  }),
  DRAIN_SECONDS: seconds({
    default: 0,
    productionDefault: 5,
    bounds: [0, 300],
    meaning:
      "how long requests are still accepted after `/readyz` starts to fail: longer than your load " +
      "balancer needs to notice",
  }),
  LOG_LEVEL: choice({
    default: "info",
    values: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
    meaning: "logs this level and the more severe ones",
  }),
};

const WATCH_SETTINGS = {
  METRICS_TOKEN: secret({
    defaultText: "unset: no `/metrics` beside the API",
    meaning: "what Prometheus sends as bearer token to read `/metrics`",
    fits: (value) => new TextEncoder().encode(value).length >= MIN_METRICS_TOKEN_BYTES,
    problem: `must have at least ${MIN_METRICS_TOKEN_BYTES} bytes`,
  }),
  METRICS_PORT: integer({
    default: 0,
    defaultText: "`0`: none",
    bounds: [0, 65_535],
    meaning:
      "a port of its own where `/metrics` is answered without a token: keep it inside your network",
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url({
    defaultText: "unset: no traces",
    meaning: "an OpenTelemetry collector that takes OTLP over HTTP",
    bare: true,
  }),
};

const STORE_SETTINGS = {
  MONGODB_URL: secret({
    defaultText: "unset: SQLite",
    meaning: "the production database's URL, including the database's name",
    fits: (value) => /^mongodb(\+srv)?:\/\/\S+$/.test(value),
    problem: "must begin with mongodb:// or mongodb+srv://",
  }),
  MONGODB_AUTO_INDEX: flag({
    default: true,
    productionDefault: false,
    meaning:
      "whether to create missing indexes at the start; if not, run `npm run cli -- indexes sync`",
  }),
  SQLITE_PATH: text({
    default: "./data/billing.db",
    meaning: "the embedded database's file; `:memory:` keeps nothing and is refused in production",
  }),
};

const STRIPE_SETTINGS = {
  STRIPE_SECRET_KEY: secret({
    defaultText: "unset: the sandbox; required in production",
    meaning: "Stripe's secret or restricted key",
    fits: (value) => /^(sk|rk)_(test|live)_\S+$/.test(value),
    problem: "must begin with sk_test_, sk_live_, rk_test_ or rk_live_",
  }),
  STRIPE_WEBHOOK_SECRETS: secrets({
    defaultText: "the sandbox's; required with a key",
    meaning: "comma-separated; a delivery may match any of them, so you can rotate them",
    fits: (value) => /^whsec_\S+$/.test(value),
    problem: "must be a comma-separated list of whsec_... values",
  }),
  RECONCILE_REQUESTS_PER_SECOND: integer({
    default: DEFAULT_RECONCILE_REQUESTS_PER_SECOND,
    bounds: [1, 100],
    meaning:
      "rate at which a process may call Stripe to compare tenants; does not slow down users' requests",
  }),
  PLANS_FILE: text({ default: "plans.json", meaning: "the file with the plans on offer" }),
};

const SANDBOX_SETTINGS = {
  SANDBOX_PORT: integer({
    default: 12_111,
    bounds: [0, 65_535],
    meaning: "the port of the sandbox beside the service",
  }),
  SANDBOX_STATE: optionalText({
    default: "./data/sandbox.json",
    none: ":memory:",
    meaning: "the file with its state; `:memory:` keeps nothing",
  }),
};

const AUTH_SETTINGS = {
  AUTH_JWT_SECRET: secret({
    defaultText: "created at every start; in production this or the next one is required",
    meaning:
      `the secret that verifies tokens: at least ${MIN_JWT_SECRET_BYTES} random bytes (HS256, ` +
      "HS384, HS512); production refuses one that looks invented",
    fits: (value) => new TextEncoder().encode(value).length >= MIN_JWT_SECRET_BYTES,
    problem: `must have at least ${MIN_JWT_SECRET_BYTES} bytes`,
  }),
  AUTH_JWKS_URL: url({
    defaultText: "unset",
    meaning: "instead, the address of a key set (RS, PS and ES algorithms)",
  }),
  AUTH_ISSUER: optionalText({
    default: null,
    defaultText: "unset; required with a key set",
    meaning: "required value of `iss`",
  }),
  AUTH_AUDIENCE: optionalText({
    default: null,
    defaultText: "unset; required with a key set",
    meaning: "required value of, or in, `aud`",
  }),
  AUTH_TENANTS_CLAIM: text({
    default: "tenants",
    meaning: 'the claim that lists memberships: `[{"id", "role"}]`',
  }),
  AUTH_CLOCK_TOLERANCE_SECONDS: integer({
    default: 5,
    bounds: [0, 300],
    meaning: "how far the issuer's clock may differ",
  }),
};

/** The settings by subject, as they are documented. */
export const SETTINGS_BY_SUBJECT = {
  HTTP: HTTP_SETTINGS,
  "Metrics and traces": WATCH_SETTINGS,
  Addresses: ADDRESS_SETTINGS,
  Database: STORE_SETTINGS,
  "Stripe and plans": STRIPE_SETTINGS,
  "Who calls": AUTH_SETTINGS,
  "Access and purchases": ACCESS_SETTINGS,
  "Tax and paperwork": PAPERWORK_SETTINGS,
  "Token ledgers": LEDGER_SETTINGS,
  "E-mail quota": QUOTA_SETTINGS,
  "Stripe's events": EVENT_SETTINGS,
  "Work in the background": WORKER_SETTINGS,
  Notifications: NOTIFICATION_SETTINGS,
  "The sandbox": SANDBOX_SETTINGS,
};

/** All settings of the service. */
export const SERVICE_SETTINGS = {
  ...HTTP_SETTINGS,
  ...WATCH_SETTINGS,
  ...ADDRESS_SETTINGS,
  ...STORE_SETTINGS,
  ...STRIPE_SETTINGS,
  ...AUTH_SETTINGS,
  ...ACCESS_SETTINGS,
  ...PAPERWORK_SETTINGS,
  ...LEDGER_SETTINGS,
  ...QUOTA_SETTINGS,
  ...EVENT_SETTINGS,
  ...WORKER_SETTINGS,
  ...NOTIFICATION_SETTINGS,
  ...SANDBOX_SETTINGS,
};
