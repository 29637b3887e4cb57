import { createSecretKey, randomBytes } from "node:crypto";
import { createApp } from "../adapters/http/app.ts";
import type { AuthenticationOptions } from "../adapters/http/authentication.ts";
import { signDevelopmentToken } from "../adapters/http/development_token.ts";
import { lateApp } from "../adapters/http/late_app.ts";
import { type RunningServer, serve } from "../adapters/http/serve.ts";
import type { Logger } from "../kit/logger.ts";
import type { Config } from "./config.ts";
import { connectBilling, type StripeSandbox } from "./connect_billing.ts";
import { publishCatalog } from "./publish_catalog.ts";
import { startWorkers } from "./start_workers.ts";
import type { Welcome } from "./welcome.ts";
import {
  DEVELOPMENT_TENANT,
  dashboardUrl,
  redirectOrigins,
  type WiredDashboard,
  wireDashboard,
} from "./wire_dashboard.ts";

const SHUTDOWN_GRACE_MS = 10_000;

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
    await billing.measureClock.execute();
    const workers = startWorkers(billing, config, logger);
    ends.push(() => workers.stop());
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
