import { DEFAULT_RECONCILE_REQUESTS_PER_SECOND } from "../application/ports/billing_payments.ts";
import {
  choice,
  consent,
  flag,
  integer,
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
  QUOTA_SETTINGS,
  WORKER_SETTINGS,
} from "./billing_settings.ts";

const MIN_JWT_SECRET_BYTES = 32;

const HTTP_SETTINGS = {
  PORT: integer({
    default: 3_000,
    bounds: [0, 65_535],
    meaning: "where it listens; 0: any free port",
  }),
  HOST: text({
    default: "127.0.0.1",
    defaultText: "`127.0.0.1` (`0.0.0.0` in the image)",
    meaning: "the address it listens on",
  }),
  ALLOW_PUBLIC_DEVELOPMENT: consent({
    meaning:
      "lets development listen on other than loopback, where everybody who reaches it pays " +
      "nothing and sees all tenants",
  }),
  RATE_LIMIT_PER_MINUTE: integer({
    default: 300,
    bounds: [1, 1_000_000],
    meaning:
      "requests per user; of those that nobody can be identified for, per IP address, which is " +
      "refused then before tokens are looked at",
  }),
  TRUSTED_PROXIES: integer({
    default: 0,
    bounds: [0, 16],
    meaning: "how many proxies in front may set `X-Forwarded-For`",
  }),
  DRAIN_SECONDS: seconds({
    default: 0,
    productionDefault: 5,
    bounds: [0, 300],
    meaning:
      "how long requests are still taken after `/readyz` has failed: longer than whoever chooses " +
      "between processes needs to notice",
  }),
  LOG_LEVEL: choice({
    default: "info",
    values: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
    meaning: "what is logged: that level and those after it",
  }),
};

const STORE_SETTINGS = {
  MONGODB_URL: secret({
    defaultText: "unset: SQLite",
    meaning: "the production database, with its name",
    fits: (value) => /^mongodb(\+srv)?:\/\/\S+$/.test(value),
    problem: "must begin with mongodb:// or mongodb+srv://",
  }),
  MONGODB_AUTO_INDEX: flag({
    default: true,
    productionDefault: false,
    meaning:
      "whether missing indexes are created at the start; else by `npm run cli -- indexes sync`",
  }),
  SQLITE_PATH: text({
    default: "./data/billing.db",
    meaning: "the embedded database; `:memory:` keeps nothing, and is refused in production",
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
    meaning: "comma-separated; any of them may match, so they can be rotated",
    fits: (value) => /^whsec_\S+$/.test(value),
    problem: "must be a comma-separated list of whsec_... values",
  }),
  RECONCILE_REQUESTS_PER_SECOND: integer({
    default: DEFAULT_RECONCILE_REQUESTS_PER_SECOND,
    bounds: [1, 100],
    meaning:
      "requests to Stripe that a process may send to compare tenants; users' requests are not " +
      "slowed down",
  }),
  PLANS_FILE: text({ default: "plans.json", meaning: "the plans on offer" }),
};

const SANDBOX_SETTINGS = {
  SANDBOX_PORT: integer({
    default: 12_111,
    bounds: [0, 65_535],
    meaning: "where the sandbox listens beside the service",
  }),
  SANDBOX_STATE: optionalText({
    default: "./data/sandbox.json",
    none: ":memory:",
    meaning: "the file that it keeps its state in; `:memory:` keeps nothing",
  }),
};

const AUTH_SETTINGS = {
  AUTH_JWT_SECRET: secret({
    defaultText: "made at every start; in production this or the next is required",
    meaning:
      `how tokens are verified: a random secret of at least ${MIN_JWT_SECRET_BYTES} bytes (HS256, ` +
      "HS384, HS512); what looks made up is refused in production",
    fits: (value) => new TextEncoder().encode(value).length >= MIN_JWT_SECRET_BYTES,
    problem: `must have at least ${MIN_JWT_SECRET_BYTES} bytes`,
  }),
  AUTH_JWKS_URL: url({
    defaultText: "unset",
    meaning: "or the address of a key set (RS, PS and ES algorithms)",
  }),
  AUTH_ISSUER: optionalText({
    default: null,
    defaultText: "unset; required with a key set",
    meaning: "what `iss` must be",
  }),
  AUTH_AUDIENCE: optionalText({
    default: null,
    defaultText: "unset; required with a key set",
    meaning: "what `aud` must be or contain",
  }),
  AUTH_TENANTS_CLAIM: text({
    default: "tenants",
    meaning: 'the claim with memberships: `[{"id", "role"}]`',
  }),
  AUTH_CLOCK_TOLERANCE_SECONDS: integer({
    default: 5,
    bounds: [0, 300],
    meaning: "how far clocks may differ",
  }),
};

/** The settings by subject, as they are documented. */
export const SETTINGS_BY_SUBJECT = {
  HTTP: HTTP_SETTINGS,
  Addresses: ADDRESS_SETTINGS,
  Database: STORE_SETTINGS,
  "Stripe and plans": STRIPE_SETTINGS,
  "Who calls": AUTH_SETTINGS,
  "Access and purchases": ACCESS_SETTINGS,
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
  ...ADDRESS_SETTINGS,
  ...STORE_SETTINGS,
  ...STRIPE_SETTINGS,
  ...AUTH_SETTINGS,
  ...ACCESS_SETTINGS,
  ...LEDGER_SETTINGS,
  ...QUOTA_SETTINGS,
  ...EVENT_SETTINGS,
  ...WORKER_SETTINGS,
  ...NOTIFICATION_SETTINGS,
  ...SANDBOX_SETTINGS,
};
