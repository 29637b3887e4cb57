import { isLoopback } from "../kit/loopback.ts";
import { Secret } from "../kit/secret.ts";
import { isGuessable } from "../kit/secret_strength.ts";
import {
  type Environment,
  readEnvironment,
  type ValuesOf,
  withSecretFiles,
} from "../kit/settings.ts";
import { ledgerKeyProblems, retryProblems } from "./billing_settings.ts";
import { SERVICE_SETTINGS } from "./service_settings.ts";

/** The settings of the service, checked: `GRACE_DAYS` of the environment is `graceDays` here. */
export type Settings = ValuesOf<typeof SERVICE_SETTINGS> & {
  /** Whether `NODE_ENV` is `production`, or says nothing and Stripe's key moves live money. */
  readonly production: boolean;
};

/**
 * Reads the settings from environment variables. Everything that is wrong is reported at once,
 * a sentence per problem; no problem shows a secret's value.
 */
export function parseSettings(
  environment: Environment,
): { ok: true; settings: Settings } | { ok: false; problems: readonly string[] } {
  const { env, problems: fileProblems } = withSecretFiles(SERVICE_SETTINGS, environment);
  const mode = modeOf(env);
  const { production } = mode;
  const { values, problems } = readEnvironment(SERVICE_SETTINGS, { env, production });
  const settings = { ...values, production };
  const all = [
    ...mode.problems,
    ...fileProblems,
    ...problems,
    ...retryProblems(settings, ["EVENT_RETRY_BASE_MS", "EVENT_RETRY_MAX_MS"]),
    ...ledgerKeyProblems(settings.ledgerKeys, "LEDGER_KEYS"),
    ...keyProblems(settings),
    ...(production ? productionProblems(settings, env) : developmentProblems(settings)),
  ];
  return all.length === 0 ? { ok: true, settings } : { ok: false, problems: all };
}

/** The secrets that are in use, and their parts that are secret by themselves. */
export function secretsIn(settings: Settings): readonly string[] {
  const values: readonly unknown[] = Object.values(settings).flat();
  const texts = values.flatMap((value) => (value instanceof Secret ? value.reveal() : []));
  const keys = settings.ledgerKeys.map((key) => key.reveal().replace(/^[^:]*:/, ""));
  const password = URL.parse(settings.mongodbUrl?.reveal() ?? "")?.password ?? "";
  return [...texts, ...keys, password, decodeURIComponent(password)];
}

/** Development is never a mistake: not one of spelling, and not where money moves. */
function modeOf({ NODE_ENV = "", STRIPE_SECRET_KEY = "" }: Environment) {
  const isLive = /^\s*(sk|rk)_live_/.test(STRIPE_SECRET_KEY);
  const isDevelopment = ["development", "test"].includes(NODE_ENV);
  const isKnown = isDevelopment || ["", "production"].includes(NODE_ENV);
  return {
    production: NODE_ENV === "production" || !isKnown || isLive,
    problems: sentences([
      [!isKnown, "NODE_ENV must be production, development or unset: it is something else"],
      [
        isLive && isDevelopment,
        "STRIPE_SECRET_KEY moves live money, which development must not: use a test key, or set " +
          "NODE_ENV=production",
      ],
    ]),
  };
}

function developmentProblems({ host, allowPublicDevelopment }: Settings): string[] {
  return sentences([
    [
      !isLoopback(host) && !allowPublicDevelopment,
      "HOST must be 127.0.0.1 in development, where whoever reaches the service may do everything: " +
        "set NODE_ENV=production, or ALLOW_PUBLIC_DEVELOPMENT=1 if that is meant",
    ],
  ]);
}

function keyProblems({
  authJwtSecret,
  authJwksUrl,
  authIssuer,
  authAudience,
  stripeSecretKey,
  stripeWebhookSecrets,
  production,
}: Settings): string[] {
  const isLacking = stripeWebhookSecrets.length === 0 && (production || stripeSecretKey !== null);
  return sentences([
    [
      authJwtSecret !== null && authJwksUrl !== null,
      "AUTH_JWT_SECRET and AUTH_JWKS_URL exclude each other: set one of them",
    ],
    [
      authJwksUrl !== null && !(authIssuer && authAudience),
      "AUTH_ISSUER and AUTH_AUDIENCE are required with AUTH_JWKS_URL: its issuer may sign for other services, too",
    ],
    [isLacking, "STRIPE_WEBHOOK_SECRETS is missing: set the webhook endpoint's signing secret"],
  ]);
}

function productionProblems(settings: Settings, env: Environment): string[] {
  const { mongodbUrl, stripeSecretKey, dashboardUrl, dashboardSessionUrl, publicUrl } = settings;
  const { authJwtSecret, authJwksUrl, allowedRedirectOrigins, sqlitePath } = settings;
  const plain = [dashboardUrl, ...(allowedRedirectOrigins ?? [])].filter(isPlainHttp);
  return sentences([
    [
      stripeSecretKey === null,
      "STRIPE_SECRET_KEY is missing: set the secret or restricted key from Stripe",
    ],
    [
      authJwtSecret === null && authJwksUrl === null,
      "AUTH_JWT_SECRET or AUTH_JWKS_URL is missing: set how tokens are verified",
    ],
    [
      mongodbUrl === null && !env.SQLITE_PATH?.trim(),
      "MONGODB_URL is missing: set the database, or SQLITE_PATH for a single process",
    ],
    [
      settings.ledgerKeys.length === 0,
      "LEDGER_KEYS is missing: set what seals the token ledgers, as id:secret",
    ],
    [
      mongodbUrl === null && sqlitePath === ":memory:",
      "SQLITE_PATH must be a file: :memory: loses everything at the end of the process",
    ],
    [
      authJwtSecret !== null && isGuessable(authJwtSecret.reveal()),
      "AUTH_JWT_SECRET looks made up: make a random one, such as with `openssl rand -base64 48`",
    ],
    [dashboardUrl === null, "DASHBOARD_URL is missing: set where the Customer Portal returns to"],
    [isPlainHttp(authJwksUrl), "AUTH_JWKS_URL must use https"],
    [isPlainHttp(publicUrl), "PUBLIC_URL must use https"],
    ...plain.map(
      (url) =>
        [true, `${url} must use https in DASHBOARD_URL and ALLOWED_REDIRECT_ORIGINS`] as const,
    ),
    [isPlainHttp(dashboardSessionUrl), "DASHBOARD_SESSION_URL must use https"],
  ]);
}

function isPlainHttp(url: string | null): boolean {
  return url !== null && URL.parse(url)?.protocol === "http:";
}

function sentences(checks: readonly (readonly [isWrong: boolean, sentence: string])[]): string[] {
  return checks.flatMap(([isWrong, sentence]) => (isWrong ? sentence : []));
}
