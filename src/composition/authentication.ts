import { createSecretKey, randomBytes } from "node:crypto";
import type { AuthenticationOptions } from "../adapters/http/identity/authentication.ts";
import type { Settings } from "./settings.ts";

/** How to verify tokens. If the settings name no key, makes one for this run. */
export function authentication(settings: Settings): AuthenticationOptions {
  return {
    key: verificationKey(settings),
    issuer: settings.authIssuer,
    audience: settings.authAudience,
    tenantsClaim: settings.authTenantsClaim,
    clockToleranceSeconds: settings.authClockToleranceSeconds,
  };
}

function verificationKey({ authJwtSecret, authJwksUrl }: Settings): AuthenticationOptions["key"] {
  if (authJwksUrl !== null) {
    return { type: "jwks", url: authJwksUrl };
  }
  const secret = authJwtSecret === null ? randomBytes(32) : Buffer.from(authJwtSecret.reveal());
  return { type: "secret", secret: createSecretKey(secret) };
}
