import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "chai";
import { webhookUrl } from "../../src/composition/addresses.ts";
import { isLive } from "../../src/composition/connect_billing.ts";
import { parseSettings, type Settings } from "../../src/composition/settings.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { useFresh } from "../rig/use_fresh.ts";

const PRODUCTION: Environment = {
  NODE_ENV: "production",
  STRIPE_SECRET_KEY: "sk_live_canary51",
  STRIPE_WEBHOOK_SECRETS: "whsec_canary1, whsec_canary2",
  AUTH_JWKS_URL: "https://login.example.com/.well-known/jwks.json",
  AUTH_ISSUER: "https://login.example.com/",
  AUTH_AUDIENCE: "billing",
  SQLITE_PATH: "/data/billing.db",
  LEDGER_KEYS: `2026:canary${"5".repeat(32)}`,
  DASHBOARD_URL: "https://app.example.com/dashboard/billing",
};

const KEY_SET: Environment = {
  AUTH_JWKS_URL: "https://login.example.com/jwks",
  AUTH_ISSUER: "https://login.example.com/",
  AUTH_AUDIENCE: "billing",
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
      { ...KEY_SET, AUTH_JWT_SECRET: "x".repeat(32), NODE_ENV: "development" },
      "AUTH_JWT_SECRET and AUTH_JWKS_URL",
    ],
    ["a database of another kind", { MONGODB_URL: "postgres://db" }, "MONGODB_URL"],
    ["a switch that is neither on nor off", { MONGODB_AUTO_INDEX: "1" }, "MONGODB_AUTO_INDEX"],
    ["a JWKS address that is no URL", { ...KEY_SET, AUTH_JWKS_URL: "login" }, "AUTH_JWKS_URL"],
    ["a key set without issuer", { ...KEY_SET, AUTH_ISSUER: "" }, "AUTH_ISSUER and AUTH_AUDIENCE"],
    ["a key set without audience", { ...KEY_SET, AUTH_AUDIENCE: "" }, "AUTH_ISSUER and"],
    ...["Production", "prod", "production ", "staging", "dev"].map(
      (NODE_ENV) => [`NODE_ENV=${NODE_ENV}`, { ...PRODUCTION, NODE_ENV }, "NODE_ENV must"] as const,
    ),
    [
      "a live key in development",
      { ...PRODUCTION, NODE_ENV: "development" },
      "STRIPE_SECRET_KEY moves live money",
    ],
    ["development for everybody", { HOST: "0.0.0.0" }, "HOST must be 127.0.0.1 in development"],
    ["development on a name", { HOST: "billing.example.com" }, "HOST must"],
    ["consent in other words", { ALLOW_PUBLIC_DEVELOPMENT: "yes" }, "ALLOW_PUBLIC_DEVELOPMENT"],
    ["memory alone in production", { ...PRODUCTION, SQLITE_PATH: ":memory:" }, "SQLITE_PATH must"],
    [
      "a made-up secret in production",
      { ...PRODUCTION, AUTH_JWKS_URL: "", AUTH_JWT_SECRET: "changeme".repeat(4) },
      "AUTH_JWT_SECRET looks made up",
    ],
    [
      "plain http in capitals in production",
      { ...PRODUCTION, DASHBOARD_URL: "HTTP://app.example.com" },
      "HTTP://app",
    ],
    [
      "a secret's file that is not there",
      { AUTH_JWT_SECRET_FILE: "/nowhere" },
      "AUTH_JWT_SECRET_FILE",
    ],
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

  it("takes a live key for production where NODE_ENV says nothing", () => {
    expect(settingsOf({ ...PRODUCTION, NODE_ENV: undefined }).production).to.equal(true);
    const bare = problemsOf({ STRIPE_SECRET_KEY: " sk_live_1" });
    expect(bare.join("; ")).to.include("DASHBOARD_URL is missing").and.include("MONGODB_URL");
  });

  it("lets development be public where that is wished, and on loopback anyway", () => {
    const wished = { HOST: "0.0.0.0", ALLOW_PUBLIC_DEVELOPMENT: "1" };
    expect(settingsOf(wished).production).to.equal(false);
    for (const HOST of ["localhost", "127.0.0.2", "::1"]) {
      expect(settingsOf({ HOST }).host).to.equal(HOST);
    }
  });

  describe("secrets in files", () => {
    const folder = useFresh(async () => {
      const path = await mkdtemp(join(tmpdir(), "secrets-"));
      return { path, close: () => rm(path, { recursive: true }) };
    });
    const fileOf = async (text: string) => {
      const file = join(folder.path, "secret");
      await writeFile(file, text);
      return file;
    };

    it("are read, each by NAME_FILE, without what surrounds them", async () => {
      const random = "q7Zt0vXk2LmR9sWd4HyB8uNc6JfGp1Ea";
      const env = { AUTH_JWT_SECRET_FILE: await fileOf(`${random}\n`) };
      expect(settingsOf(env).authJwtSecret?.reveal()).to.equal(random);
    });

    it("may be several in one file, a line each", async () => {
      const file = await fileOf("whsec_canary1\nwhsec_canary2\n");
      const { stripeWebhookSecrets: secrets } = settingsOf({ STRIPE_WEBHOOK_SECRETS_FILE: file });
      expect(secrets.map((each) => each.reveal())).to.deep.equal([
        "whsec_canary1",
        "whsec_canary2",
      ]);
    });

    it("make production where the key in one moves live money", async () => {
      const { STRIPE_SECRET_KEY: _, NODE_ENV: __, ...env } = PRODUCTION;
      const STRIPE_SECRET_KEY_FILE = await fileOf("sk_live_canary51");
      expect(settingsOf({ ...env, STRIPE_SECRET_KEY_FILE }).production).to.equal(true);
    });

    it("exclude the variable itself, and must not be empty", async () => {
      const MONGODB_URL_FILE = await fileOf("\n");
      expect(problemsOf({ MONGODB_URL_FILE })).to.have.length(1);
      const both = { MONGODB_URL_FILE, MONGODB_URL: "mongodb://db/billing" };
      expect(problemsOf(both)[0]).to.include("MONGODB_URL and MONGODB_URL_FILE exclude");
    });

    it("are for secrets only", async () => {
      expect(settingsOf({ PORT_FILE: await fileOf("4000") }).port).to.equal(3_000);
    });
  });

  it("never shows a secret, however the settings are printed", () => {
    const settings = settingsOf({
      ...PRODUCTION,
      AUTH_JWKS_URL: undefined,
      AUTH_JWT_SECRET: "canary-q7Zt0vXk2LmR9sWd4HyB8uNc6JfGp1Ea",
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
