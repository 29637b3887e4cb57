import type { Settings } from "./settings.ts";

/** Where the service listens by its settings, as this machine reaches it. */
export function localServiceUrl({ port }: Pick<Settings, "port">): string {
  return `http://127.0.0.1:${port}`;
}

/** Where Stripe's events arrive; `null` where the service does not know its own address. */
export function webhookUrl({ publicUrl }: Pick<Settings, "publicUrl">): string | null {
  return publicUrl === null ? null : `${publicUrl}/billing/webhook`;
}

/** Where Checkout and Portal return to: the settings' dashboard, else the service's own page. */
export function dashboardUrl(settings: Settings, serviceUrl: string): string {
  return settings.dashboardUrl ?? `${settings.publicUrl ?? serviceUrl}/dashboard/billing`;
}

/**
 * The origins that they may return to. In development the service's own page is among them, by
 * either name of this machine, and the sandbox.
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
  return settings.allowedRedirectOrigins ?? [...new Set([given, ...own])];
}

function ownOrigins(serviceUrl: string): string[] {
  const { port, origin } = new URL(serviceUrl);
  return [origin, ...["127.0.0.1", "localhost"].map((name) => `http://${name}:${port}`)];
}
