import type { EnvironmentReader } from "../kit/environment.ts";
import { Secret } from "../kit/secret.ts";

/** How tokens are verified. */
export interface AuthConfig {
  /** `null`: a key is made for this run. */
  readonly key:
    | { readonly type: "secret"; readonly secret: Secret }
    | { readonly type: "jwks"; readonly url: string }
    | null;
  readonly issuer: string | null;
  readonly audience: string | null;
  readonly tenantsClaim: string;
  readonly clockToleranceSeconds: number;
}

const MIN_JWT_SECRET_BYTES = 32;

/** Reads how tokens are verified; adds a sentence to `problems` for everything that is wrong. */
export function parseAuth(
  read: EnvironmentReader,
  problems: string[],
  production: boolean,
): AuthConfig {
  const secret = read.text("AUTH_JWT_SECRET");
  const jwksUrl = read.url("AUTH_JWKS_URL");
  if (secret !== null && jwksUrl !== null) {
    problems.push("AUTH_JWT_SECRET and AUTH_JWKS_URL exclude each other: set one of them");
  }
  if (secret === null && jwksUrl === null && production) {
    problems.push("AUTH_JWT_SECRET or AUTH_JWKS_URL is missing: set how tokens are verified");
  }
  if (secret !== null && new TextEncoder().encode(secret).length < MIN_JWT_SECRET_BYTES) {
    problems.push(`AUTH_JWT_SECRET must have at least ${MIN_JWT_SECRET_BYTES} bytes`);
  }
  if (jwksUrl !== null && production && !jwksUrl.startsWith("https://")) {
    problems.push("AUTH_JWKS_URL must use https");
  }
  const key =
    secret !== null
      ? ({ type: "secret", secret: new Secret(secret) } as const)
      : jwksUrl !== null
        ? ({ type: "jwks", url: jwksUrl } as const)
        : null;
  return {
    key,
    issuer: read.text("AUTH_ISSUER"),
    audience: read.text("AUTH_AUDIENCE"),
    tenantsClaim: read.text("AUTH_TENANTS_CLAIM") ?? "tenants",
    clockToleranceSeconds: read.integer("AUTH_CLOCK_TOLERANCE_SECONDS", 5, [0, 300]),
  };
}
