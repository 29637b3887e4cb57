import { randomBytes } from "node:crypto";
import { createApp } from "../adapters/http/app.ts";
import type { AuthenticationOptions } from "../adapters/http/identity/authentication.ts";
import { signDevelopmentToken } from "../adapters/http/identity/development_token.ts";
import { lateApp } from "../adapters/http/server/late_app.ts";
import { type RunningServer, serve } from "../adapters/http/server/serve.ts";
import type { MetricsSources } from "../adapters/metrics/service_metrics.ts";
import type { Logger } from "../kit/logger.ts";
import { dashboardUrl, redirectOrigins } from "./addresses.ts";
import { authentication } from "./authentication.ts";
import { connectBilling, type StripeSandbox } from "./connect_billing.ts";
import type { EmbeddedBilling } from "./create_billing.ts";
import { publishCatalog } from "./publish_catalog.ts";
import type { Settings } from "./settings.ts";
import {
  DEVELOPMENT_TENANT,
  signedInDashboard,
  signsForDevelopers,
} from "./signed_in_dashboard.ts";
import { startWatching } from "./watching/start_watching.ts";
import type { Welcome } from "./welcome.ts";

/** A running service. */
export interface Service {
  readonly url: string;
  /** The welcome for a developer; `null` in production or if tokens are signed elsewhere. */
  readonly welcome: Welcome | null;
  /**
   * Is not ready any more, goes on for the seconds of the drain, finishes what is in hand, then
   * ends; the sandbox too.
   */
  stop(): Promise<void>;
}

/**
 * Starts the service: HTTP, the worker and, in development, the plans in the sandbox.
 *
 * @throws if a part cannot start; the parts that had started are stopped again
 */
export async function startService(
  settings: Settings,
  { logger, sandbox }: { logger: Logger; sandbox: StripeSandbox | null },
): Promise<Service> {
  const ends: (() => Promise<void>)[] = [async () => await sandbox?.close()];
  let server: RunningServer | undefined;
  let isStopping = false;
  const stop = async () => {
    isStopping = true;
    if (settings.drainSeconds > 0) {
      await server?.drain(1_000 * settings.drainSeconds);
    }
    await server?.close();
    for (const end of ends.toReversed()) {
      await end();
    }
  };
  try {
    const late = lateApp();
    const { host, port } = settings;
    server = await serve(late.listener, { host, port, logger });
    const { url } = server;
    const webhookSecret = `whsec_sandbox_${randomBytes(24).toString("hex")}`;
    const development = sandbox && { sandbox, webhookSecret };
    const watching = await startWatching(settings, logger);
    ends.push(() => watching.stop());
    const billing = await connectBilling(settings, development, {
      serviceUrl: url,
      observe: watching.observe,
      raiseAlert: (alert) =>
        logger.error({ alert }, "Somebody should look at this tenant's billing"),
    });
    ends.push(() => billing.close());
    watching.metrics?.follow(metricsSources(billing));
    if (sandbox !== null) {
      await publishCatalog(settings.plansFile, billing.syncCatalog);
    }
    await billing.measureClock.execute();
    billing.startWorkers({ logger });
    const auth = authentication(settings);
    const { dashboard, signInPath } = await signedInDashboard(settings, auth);
    const app = createApp({
      billing,
      authentication: auth,
      corsOrigins: redirectOrigins(settings, { serviceUrl: url, sandboxUrl: sandbox?.url ?? null }),
      dashboard,
      rateLimitPerMinute: settings.rateLimitPerMinute,
      rateLimitWritesPerMinute: settings.rateLimitWritesPerMinute,
      rateLimitStripePerMinute: settings.rateLimitStripePerMinute,
      rateLimitServicePerMinute: settings.rateLimitServicePerMinute,
      trustedProxies: settings.trustedProxies,
      isStopping: () => isStopping,
      watchRequest: watching.watchRequest,
      metrics: watching.route,
      logger,
    });
    late.open(app);
    sandbox?.addWebhookEndpoint({ url: `${url}/billing/webhook`, secret: webhookSecret });
    const signInUrl = signInPath && `${url}${signInPath}`;
    return { url, welcome: welcomeOf(settings, { url, auth, sandbox, signInUrl }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function metricsSources(billing: EmbeddedBilling): MetricsSources {
  return {
    countEvents: () => billing.countEvents.execute(),
    countAttention: () => billing.countAttention.execute(),
    clockState: () => billing.measureClock.state(),
    stripeRate: () => billing.backgroundRate(),
  };
}

function welcomeOf(
  settings: Settings,
  {
    url,
    auth: { key, ...claims },
    sandbox,
    signInUrl,
  }: {
    url: string;
    auth: AuthenticationOptions;
    sandbox: StripeSandbox | null;
    signInUrl: string | null;
  },
): Welcome | null {
  if (!signsForDevelopers(settings) || key.type === "jwks") {
    return null;
  }
  const tenantId = DEVELOPMENT_TENANT;
  return {
    url,
    sandboxUrl: sandbox?.url ?? null,
    tenantId,
    token: signDevelopmentToken(key.secret, { tenantId, ...claims }),
    signInUrl,
    returnUrl: dashboardUrl(settings, url),
  };
}
