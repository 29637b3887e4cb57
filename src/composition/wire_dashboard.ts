import {
  createDashboard,
  type Dashboard,
  DevelopmentSession,
} from "../adapters/dashboard/create_dashboard.ts";
import type { AuthenticationOptions } from "../adapters/http/authentication.ts";
import { signDevelopmentToken } from "../adapters/http/development_token.ts";
import type { Config } from "./config.ts";

/** The tenant that a developer acts for. */
export const DEVELOPMENT_TENANT = "cldemo0001";

const SESSION_SECONDS = 15 * 60;

/** The Billing page, and the address that opens it signed in. */
export interface WiredDashboard {
  readonly dashboard: Dashboard;
  /** Below the service's address; `null` where developers are not signed in. */
  readonly signInPath: string | null;
}

/**
 * The page with what tells it who is signed in: the dashboard that the settings name, else, in
 * development only, the service itself.
 */
export async function wireDashboard(
  config: Config,
  key: AuthenticationOptions["key"],
): Promise<WiredDashboard> {
  const sessionUrl = config.dashboardSessionUrl;
  const development = sessionUrl === null ? developmentSession(config, key) : null;
  return {
    dashboard: await createDashboard({ sessionUrl, development }),
    signInPath: development && `/dashboard/sign-in?code=${development.code}`,
  };
}

/** Where the service listens by its settings, as this machine reaches it. */
export function localServiceUrl({ http }: Config): string {
  return `http://127.0.0.1:${http.port}`;
}

/** Where Checkout and Portal return to: the settings' dashboard, else the service's own page. */
export function dashboardUrl(config: Config, serviceUrl: string): string {
  return config.dashboardUrl ?? `${config.publicUrl ?? serviceUrl}/dashboard/billing`;
}

/**
 * The origins that they may return to. In development the service's own page is among them, by
 * either name of this machine, and the sandbox.
 */
export function redirectOrigins(
  config: Config,
  { serviceUrl, sandboxUrl }: { serviceUrl: string; sandboxUrl: string | null },
): readonly string[] {
  const own = config.production ? [] : ownOrigins(serviceUrl);
  if (sandboxUrl !== null) {
    own.push(new URL(sandboxUrl).origin);
  }
  const given = new URL(dashboardUrl(config, serviceUrl)).origin;
  return config.allowedRedirectOrigins ?? [...new Set([given, ...own])];
}

function ownOrigins(serviceUrl: string): string[] {
  const { port, origin } = new URL(serviceUrl);
  return [origin, ...["127.0.0.1", "localhost"].map((name) => `http://${name}:${port}`)];
}

function developmentSession(
  config: Config,
  key: AuthenticationOptions["key"],
): DevelopmentSession | null {
  if (config.production || key.type !== "secret") {
    return null;
  }
  const tenantId = DEVELOPMENT_TENANT;
  const claims = { ...config.auth, tenantId, lifetimeSeconds: SESSION_SECONDS };
  return new DevelopmentSession(() => ({
    token: signDevelopmentToken(key.secret, claims),
    tenantId,
  }));
}
