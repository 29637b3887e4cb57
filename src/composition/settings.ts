import { type Environment, readEnvironment, type ValuesOf } from "../kit/settings.ts";
import { ledgerKeyProblems, retryProblems } from "./billing_settings.ts";
import { SERVICE_SETTINGS } from "./service_settings.ts";

/** The settings of the service, checked: `GRACE_DAYS` of the environment is `graceDays` here. */
export type Settings = ValuesOf<typeof SERVICE_SETTINGS> & {
  /** Whether `NODE_ENV` is `production`. */
  readonly production: boolean;
};

/**
 * Reads the settings from environment variables. Everything that is wrong is reported at once,
 * a sentence per problem; no problem shows a secret's value.
 */
export function parseSettings(
  env: Environment,
): { ok: true; settings: Settings } | { ok: false; problems: readonly string[] } {
  const production = env.NODE_ENV === "production";
  const { values, problems } = readEnvironment(SERVICE_SETTINGS, { env, production });
  const settings = { ...values, production };
  const all = [
    ...problems,
    ...retryProblems(settings, ["EVENT_RETRY_BASE_MS", "EVENT_RETRY_MAX_MS"]),
    ...ledgerKeyProblems(settings.ledgerKeys, "LEDGER_KEYS"),
    ...keyProblems(settings),
    ...(production ? productionProblems(settings, env) : []),
  ];
  return all.length === 0 ? { ok: true, settings } : { ok: false, problems: all };
}

function keyProblems({
  authJwtSecret,
  authJwksUrl,
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
    [isLacking, "STRIPE_WEBHOOK_SECRETS is missing: set the webhook endpoint's signing secret"],
  ]);
}

function productionProblems(settings: Settings, env: Environment): string[] {
  const { mongodbUrl, stripeSecretKey, dashboardUrl, dashboardSessionUrl, publicUrl } = settings;
  const { authJwtSecret, authJwksUrl, allowedRedirectOrigins } = settings;
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
  return url?.startsWith("http://") ?? false;
}

function sentences(checks: readonly (readonly [isWrong: boolean, sentence: string])[]): string[] {
  return checks.flatMap(([isWrong, sentence]) => (isWrong ? sentence : []));
}
