import {
  createDashboard,
  type Dashboard,
  DevelopmentSession,
} from "../adapters/dashboard/create_dashboard.ts";
import type { AuthenticationOptions } from "../adapters/http/identity/authentication.ts";
import { signDevelopmentToken } from "../adapters/http/identity/development_token.ts";
import type { Settings } from "./settings.ts";

/** The tenant that a developer acts for. */
export const DEVELOPMENT_TENANT = "cldemo0001";

const SESSION_SECONDS = 15 * 60;

/** The Billing page, and the address that opens it signed in. */
export interface SignedInDashboard {
  readonly dashboard: Dashboard;
  /** Path below the service's address; `null` if developers are not signed in. */
  readonly signInPath: string | null;
}

/**
 * The page with what tells it who is signed in: the dashboard that the settings name, else, in
 * development only, the service itself.
 */
export async function signedInDashboard(
  settings: Settings,
  authentication: AuthenticationOptions,
): Promise<SignedInDashboard> {
  const { dashboardSessionUrl: sessionUrl } = settings;
  const development =
    sessionUrl === null && signsForDevelopers(settings) ? developmentSession(authentication) : null;
  return {
    dashboard: await createDashboard({ sessionUrl, development }),
    signInPath: development && `/dashboard/sign-in?code=${development.code}`,
  };
}

/** Whether we make tokens ourselves: in development, and only with a secret that we have made. */
export function signsForDevelopers({ production, authJwtSecret }: Settings): boolean {
  return !production && authJwtSecret === null;
}

function developmentSession({ key, ...claims }: AuthenticationOptions): DevelopmentSession | null {
  if (key.type !== "secret") {
    return null;
  }
  const tenantId = DEVELOPMENT_TENANT;
  const options = { ...claims, tenantId, lifetimeSeconds: SESSION_SECONDS };
  return new DevelopmentSession(() => ({
    token: signDevelopmentToken(key.secret, options),
    tenantId,
  }));
}
