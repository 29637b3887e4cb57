import { inspect } from "node:util";
import { expect } from "chai";
import { webhookUrl } from "../../src/composition/addresses.ts";
import { isLive } from "../../src/composition/connect_billing.ts";
import { parseSettings, type Settings } from "../../src/composition/settings.ts";
import type { Environment } from "../../src/kit/settings.ts";

const PRODUCTION: Environment = {
  NODE_ENV: "production",
  STRIPE_SECRET_KEY: "sk_live_canary51",
  STRIPE_WEBHOOK_SECRETS: "whsec_canary1, whsec_canary2",
  AUTH_JWKS_URL: "https://login.example.com/.well-known/jwks.json",
  SQLITE_PATH: "/data/billing.db",
  LEDGER_KEYS: `2026:canary${"5".repeat(32)}`,
  DASHBOARD_URL: "https://app.example.com/dashboard/billing",
};

function settingsOf(env: Environment): Settings {
  const parsed = parseSettings(env);
  if (!parsed.ok) {
    throw new Error(`Expected settings, got: ${parsed.problems.join("; ")}`);
  }
  return parsed.settings;
}

function problemsOf(env: Environment): readonly string[] {
  const parsed = parseSettings(env);
  return parsed.ok ? [] : parsed.problems;
}

describe("parseSettings", () => {
  it("needs nothing in development: sandbox, embedded database, a key of its own", () => {
    const settings = settingsOf({});
    expect(settings.production).to.equal(false);
    expect(settings).to.include({ host: "127.0.0.1", port: 3000 });
    expect(settings.sqlitePath).to.equal("./data/billing.db");
    expect(settings.stripeSecretKey).to.equal(null);
    expect(settings).to.include({ sandboxPort: 12_111, sandboxState: "./data/sandbox.json" });
    expect(settings).to.include({ authJwtSecret: null, authJwksUrl: null });
    expect(settings.graceDays).to.equal(14);
    expect(settings.refundDuplicates).to.equal(true);
    expect(settings).to.include({
      eventMaxAttempts: 12,
      eventRetryBaseMs: 1_000,
      eventRetryMaxMs: 3_600_000,
      eventLeaseSeconds: 60,
      eventRetentionDays: 90,
      workerConcurrency: 8,
    });
    expect(settings).to.include({
      reconcileIntervalMinutes: 360,
      reconcileRequestsPerSecond: 10,
    });
    expect(settings.rateLimitPerMinute).to.equal(300);
  });

  it("P08 reads how events are handled, and refuses waits that shrink", () => {
    const env = { EVENT_LEASE_SECONDS: "5", EVENT_RETRY_BASE_MS: "200", WORKER_CONCURRENCY: "2" };
    expect(settingsOf(env)).to.include({
      eventLeaseSeconds: 5,
      eventRetryBaseMs: 200,
      workerConcurrency: 2,
    });
    expect(problemsOf({ EVENT_RETRY_MAX_MS: "500" })).to.deep.equal([
      "EVENT_RETRY_MAX_MS must not be less than EVENT_RETRY_BASE_MS",
    ]);
    expect(problemsOf({ EVENT_MAX_ATTEMPTS: "0", EVENT_RETENTION_DAYS: "1" })).to.have.length(2);
  });

  it("P37 reads how tenants are compared with Stripe, or that they are not by themselves", () => {
    const env = { RECONCILE_INTERVAL_MINUTES: "0", RECONCILE_REQUESTS_PER_SECOND: "40" };
    expect(settingsOf(env)).to.include({
      reconcileIntervalMinutes: 0,
      reconcileRequestsPerSecond: 40,
    });
    const wrong = { RECONCILE_INTERVAL_MINUTES: "-1", RECONCILE_REQUESTS_PER_SECOND: "0" };
    expect(problemsOf(wrong)).to.have.length(2);
  });

  it("takes a complete production environment", () => {
    const settings = settingsOf(PRODUCTION);
    expect(isLive(settings)).to.equal(true);
    expect(settings.stripeSecretKey?.reveal()).to.equal("sk_live_canary51");
    expect(settings.stripeWebhookSecrets.map((secret) => secret.reveal())).to.deep.equal([
      "whsec_canary1",
      "whsec_canary2",
    ]);
    expect(settings).to.include({
      authJwtSecret: null,
      authJwksUrl: "https://login.example.com/.well-known/jwks.json",
    });
  });

  it("refuses production without real settings and lists all problems at once", () => {
    const problems = problemsOf({ NODE_ENV: "production" });
    for (const name of [
      "STRIPE_SECRET_KEY",
      "STRIPE_WEBHOOK_SECRETS",
      "AUTH_JWT_SECRET or AUTH_JWKS_URL",
      "DASHBOARD_URL",
      "MONGODB_URL",
    ]) {
      expect(problems.filter((problem) => problem.startsWith(name))).to.have.length(1, name);
    }
  });

  const wrong: readonly (readonly [string, Environment, string])[] = [
    ["a port that is no number", { PORT: "http" }, "PORT"],
    ["a port out of range", { PORT: "70000" }, "PORT"],
    ["negative grace days", { GRACE_DAYS: "-1" }, "GRACE_DAYS"],
    ["a rate limit of zero", { RATE_LIMIT_PER_MINUTE: "0" }, "RATE_LIMIT_PER_MINUTE"],
    ["an unknown log level", { LOG_LEVEL: "loud" }, "LOG_LEVEL"],
    [
      "a key of another kind",
      { STRIPE_SECRET_KEY: "pk_test_1", STRIPE_WEBHOOK_SECRETS: "whsec_1" },
      "STRIPE_SECRET_KEY must",
    ],
    ["a key without webhook secrets", { STRIPE_SECRET_KEY: "sk_test_1" }, "STRIPE_WEBHOOK_SECRETS"],
    [
      "a webhook secret of another kind",
      { STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRETS: "secret" },
      "STRIPE_WEBHOOK_SECRETS",
    ],
    ["a short JWT secret", { AUTH_JWT_SECRET: "x".repeat(31) }, "AUTH_JWT_SECRET"],
    [
      "two ways to verify tokens",
      { AUTH_JWT_SECRET: "x".repeat(32), AUTH_JWKS_URL: "https://login.example.com/jwks" },
      "AUTH_JWT_SECRET and AUTH_JWKS_URL",
    ],
    ["a database of another kind", { MONGODB_URL: "postgres://db" }, "MONGODB_URL"],
    ["a switch that is neither on nor off", { MONGODB_AUTO_INDEX: "1" }, "MONGODB_AUTO_INDEX"],
    ["a JWKS address that is no URL", { AUTH_JWKS_URL: "login" }, "AUTH_JWKS_URL"],
    ["a dashboard of another scheme", { DASHBOARD_URL: "ftp://app" }, "DASHBOARD_URL"],
    [
      "an origin with a path",
      { ALLOWED_REDIRECT_ORIGINS: "https://app.example.com/" },
      "ALLOWED_REDIRECT_ORIGINS",
    ],
    ["a public address that is no URL", { PUBLIC_URL: "billing" }, "PUBLIC_URL"],
    ["a public address with a query", { PUBLIC_URL: "https://b.example/?a" }, "PUBLIC_URL"],
    [
      "a public address without encryption in production",
      { ...PRODUCTION, PUBLIC_URL: "http://billing.example.com" },
      "PUBLIC_URL",
    ],
    ["plain http in production", { ...PRODUCTION, DASHBOARD_URL: "http://app" }, "http://app"],
    ["JWKS over http in production", { ...PRODUCTION, AUTH_JWKS_URL: "http://l" }, "AUTH_JWKS_URL"],
  ];
  for (const [name, env, start] of wrong) {
    it(`refuses ${name}`, () => {
      const problems = problemsOf(env);
      expect(problems).to.have.length(1);
      expect(problems[0]?.startsWith(start), problems[0]).to.equal(true);
    });
  }

  it("knows where events arrive when it knows its own address, under a path or not", () => {
    expect(webhookUrl(settingsOf({}))).to.equal(null);
    for (const PUBLIC_URL of ["https://b.example.com", "https://b.example.com/"]) {
      expect(webhookUrl(settingsOf({ PUBLIC_URL }))).to.equal(
        "https://b.example.com/billing/webhook",
      );
    }
    const PUBLIC_URL = "https://example.com/api/";
    expect(webhookUrl(settingsOf({ PUBLIC_URL }))).to.equal(
      "https://example.com/api/billing/webhook",
    );
  });

  it("takes empty and blank variables for unset", () => {
    expect(settingsOf({ PORT: "", STRIPE_SECRET_KEY: "  ", SANDBOX_STATE: "" })).to.deep.equal(
      settingsOf({}),
    );
  });

  it("uses MongoDB where its URL is set, and creates indexes by itself in development only", () => {
    const MONGODB_URL = "mongodb://user:canary@db.example.com/billing";
    const { mongodbUrl, mongodbAutoIndex } = settingsOf({ MONGODB_URL });
    expect(mongodbUrl?.reveal()).to.equal(MONGODB_URL);
    expect(mongodbAutoIndex).to.equal(true);
    const production = { ...PRODUCTION, SQLITE_PATH: undefined, MONGODB_URL };
    expect(settingsOf(production).mongodbAutoIndex).to.equal(false);
    expect(JSON.stringify(settingsOf(production))).not.to.include("canary");
  });

  it("P30 reads the keys that seal token ledgers, and wants some in production", () => {
    const [one, two] = [`2027:${"n".repeat(32)}`, `2026:${"o".repeat(32)}`];
    const { ledgerKeys } = settingsOf({ LEDGER_KEYS: `${one}, ${two}` });
    expect(ledgerKeys.map((key) => key.reveal())).to.deep.equal([one, two]);
    expect(problemsOf({ ...PRODUCTION, LEDGER_KEYS: undefined }).join()).to.include("LEDGER_KEYS");
    for (const wrong of ["2026", "2026:short", `a b:${"x".repeat(32)}`, `${one},${one}x`]) {
      expect(problemsOf({ LEDGER_KEYS: wrong }).join(), wrong).to.include("LEDGER_KEYS");
    }
  });

  it("keeps the sandbox in memory when asked to", () => {
    expect(settingsOf({ SANDBOX_STATE: ":memory:" }).sandboxState).to.equal(null);
  });

  it("never shows a secret, however the settings are printed", () => {
    const settings = settingsOf({
      ...PRODUCTION,
      AUTH_JWKS_URL: undefined,
      AUTH_JWT_SECRET: `canary${"x".repeat(32)}`,
    });
    const printed = [
      JSON.stringify(settings),
      inspect(settings, { depth: 9, showHidden: true }),
      `${settings.stripeSecretKey}`,
    ];
    for (const text of printed) {
      expect(text).to.include("[secret]");
      expect(text).not.to.include("canary");
    }
  });

  it("names no secret's value in a problem", () => {
    const problems = problemsOf({
      STRIPE_SECRET_KEY: "canary",
      STRIPE_WEBHOOK_SECRETS: "canary",
      AUTH_JWT_SECRET: "canary",
      LEDGER_KEYS: "2026:canary",
    });
    expect(problems).to.have.length(4);
    expect(problems.join()).not.to.include("canary");
  });
});
