import type { KeyObject } from "node:crypto";
import jwt from "jsonwebtoken";

/** Whom a development token is for, and what verifies it. */
export interface DevelopmentTokenOptions {
  readonly tenantId: string;
  readonly tenantsClaim: string;
  readonly issuer?: string | null | undefined;
  readonly audience?: string | null | undefined;
  /** Default: 12 hours. */
  readonly lifetimeSeconds?: number | undefined;
}

const LIFETIME_SECONDS = 12 * 3_600;

/** Signs a token of a tenant's owner. For development only. */
export function signDevelopmentToken(secret: KeyObject, options: DevelopmentTokenOptions): string {
  const { tenantId, tenantsClaim, issuer, audience, lifetimeSeconds } = options;
  const claims = {
    [tenantsClaim]: [{ id: tenantId, role: "OWNER" }],
  };
  return jwt.sign(claims, secret, {
    algorithm: "HS256",
    subject: "development-owner",
    expiresIn: lifetimeSeconds ?? LIFETIME_SECONDS,
    ...(typeof issuer === "string" && { issuer }),
    ...(typeof audience === "string" && { audience }),
  });
}
