import type { Settings } from "./settings.ts";

/** The service's address on this machine, from its settings. */
export function localServiceUrl({ port }: Pick<Settings, "port">): string {
  return `http://127.0.0.1:${port}`;
}

/** The webhook endpoint's URL; `null` if the service's public address is not set. */
export function webhookUrl({ publicUrl }: Pick<Settings, "publicUrl">): string | null {
  return publicUrl === null ? null : `${publicUrl}/billing/webhook`;
}

/**
 * The URL that Checkout and Portal return to: the configured dashboard or the service's own page.
 */
export function dashboardUrl(settings: Settings, serviceUrl: string): string {
  return settings.dashboardUrl ?? `${settings.publicUrl ?? serviceUrl}/dashboard/billing`;
}

/**
 * The origins that Checkout and Portal may return to: the dashboard's and those that the settings
 * add. In development they include the sandbox and the service's own page, at `localhost` and
 * `127.0.0.1`.
 */
export function redirectOrigins(
  settings: Settings,
  { serviceUrl, sandboxUrl }: { serviceUrl: string; sandboxUrl: string | null },
): readonly string[] {
  const own = settings.production ? [] : ownOrigins(serviceUrl);
  if (sandboxUrl !== null) {
    own.push(new URL(sandboxUrl).origin);
  }
  const given = new URL(dashboardUrl(settings, serviceUrl)).origin;
  return [...new Set([given, ...own, ...(settings.allowedRedirectOrigins ?? [])])];
}

function ownOrigins(serviceUrl: string): string[] {
  const { port, origin } = new URL(serviceUrl);
  return [origin, ...["127.0.0.1", "localhost"].map((name) => `http://${name}:${port}`)];
}
