import type { Request, RequestHandler } from "express";
import { expressjwt, UnauthorizedError } from "express-jwt";
import type { Jwt } from "jsonwebtoken";
import type { Principal } from "../../../application/ports/tenant_access.ts";
import { isName } from "../../../domain/text.ts";
import { HttpError } from "../http_error.ts";
import { type Identity, requestContext } from "../request_context.ts";
import {
  type VerificationKeyOptions,
  type VerificationKeys,
  verificationKeys,
} from "./verification_key.ts";
import { VerifiedTokens } from "./verified_tokens.ts";

/** Which tokens are accepted. */
export interface AuthenticationOptions {
  readonly key: VerificationKeyOptions;
  /** What `iss` must be; `null` or left out: not checked, which is for a secret only. */
  readonly issuer?: string | null | undefined;
  /** What `aud` must be or contain; `null` or left out: not checked, which is for a secret only. */
  readonly audience?: string | null | undefined;
  /** How far clocks may differ. */
  readonly clockToleranceSeconds: number;
  /** The claim that lists the memberships: `[{"id": tenant, "role": role}]`. */
  readonly tenantsClaim: string;
}

const CLAIMS_PROPERTY = "verifiedBillingClaims";
const MAX_TOKEN_LENGTH = 8 * 1024;
/** Tokens that live longer are refused: nothing takes back one that was lost. */
const MAX_LIFE_SECONDS = 24 * 3_600;
const TOKEN_TYPES = /^(application\/)?(at\+)?jwt$/i;

/**
 * Finds out who makes a request, and leaves it to `requireUser` to refuse those who cannot be
 * known, so that a rate limit can be counted in between. A token that was verified lately is not
 * verified again.
 *
 * @throws {RangeError} when the key cannot be used, or a key set has no issuer or audience: it may
 *   sign for other services, too
 */
export function identify(options: AuthenticationOptions): RequestHandler {
  if (options.key.type === "jwks" && !(options.issuer && options.audience)) {
    throw new RangeError("Cannot verify tokens: a key set needs an issuer and an audience");
  }
  const keys = verificationKeys(options.key);
  const verify = expressjwt({
    secret: (_request, token) => keyOf(keys, token),
    algorithms: keys.algorithms,
    clockTolerance: options.clockToleranceSeconds,
    requestProperty: CLAIMS_PROPERTY,
    getToken: (request) => tokenOf(request),
    ...(typeof options.issuer === "string" && { issuer: options.issuer }),
    ...(typeof options.audience === "string" && { audience: options.audience }),
  });
  const verified = new VerifiedTokens();
  return (request, response, next) => {
    const [header = "", ...more] = request.headersDistinct.authorization ?? [];
    const inForce = keys.inForce();
    const known = more.length === 0 ? verified.find(header, inForce) : undefined;
    if (known !== undefined) {
      requestContext(request).identity = { type: "known", principal: known };
      next();
      return;
    }
    verify(request, response, (error?: unknown) => {
      const identity: Identity =
        error === undefined
          ? identityOf(Reflect.get(request, CLAIMS_PROPERTY), options.clockToleranceSeconds)
          : { type: "refused", error: refusalOf(error) };
      requestContext(request).identity = identity;
      if (identity.type === "known" && inForce !== null && inForce === keys.inForce()) {
        verified.keep(header, identity.principal, inForce);
      }
      next();
    });
  };
}

/** Lets only those through whom `identify` knows; 401 for others. */
export const requireUser: RequestHandler = (request, _response, next) => {
  principalOf(request);
  next();
};

/** Who makes the request. @throws what `identify` refused them with */
export function principalOf(request: Request): Principal {
  const { identity } = requestContext(request);
  if (identity?.type !== "known") {
    throw identity?.error ?? missingToken();
  }
  return identity.principal;
}

function tokenOf(request: { headersDistinct: NodeJS.Dict<string[]> }): string | undefined {
  const [header, ...more] = request.headersDistinct.authorization ?? [];
  if (header === undefined) {
    return undefined;
  }
  if (/^(bearer\s+)?mc_[a-z]+_/i.test(header)) {
    throw unauthorized("api_key_not_accepted", {
      message: "API keys do not work on billing routes: send the access token of a dashboard user",
    });
  }
  const token = /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
  if (more.length > 0 || token === undefined || token.length > MAX_TOKEN_LENGTH) {
    throw invalidToken(new Error("the Authorization header is not one bearer token"));
  }
  return token;
}

async function keyOf(keys: VerificationKeys, token: Jwt | undefined) {
  if (token === undefined || token === null) {
    throw invalidToken(new Error("the token cannot be decoded"));
  }
  const { header } = token;
  const { typ } = header;
  if ("crit" in header || "b64" in header) {
    throw invalidToken(new Error("the token asks for extensions that are not supported"));
  }
  if (typ !== undefined && !(typeof typ === "string" && TOKEN_TYPES.test(typ))) {
    throw invalidToken(new Error("the token is of another kind"));
  }
  const known = keys.algorithms.some((algorithm) => algorithm === header.alg);
  const key = known ? await keys.find(header) : undefined;
  if (key === undefined) {
    throw invalidToken(new Error("there is no key for the token"));
  }
  return key;
}

/** The signature, `exp`, `nbf`, `iss` and `aud` are checked by now; the rest is here. */
function identityOf(claims: unknown, toleranceSeconds: number): Identity {
  if (claims === undefined) {
    return { type: "refused", error: missingToken() };
  }
  const all: Readonly<Record<string, unknown>> = { ...Object(claims) };
  const { sub, exp, iat } = all;
  const latest = Math.floor(Date.now() / 1000) + toleranceSeconds;
  const refused = (reason: string): Identity => ({
    type: "refused",
    error: invalidToken(new Error(reason)),
  });
  if (typeof exp !== "number" || !Number.isFinite(exp)) {
    return refused("the token never expires");
  }
  if (iat !== undefined && !(typeof iat === "number" && iat <= latest)) {
    return refused("the token was issued in the future");
  }
  if (exp - (iat ?? latest) > MAX_LIFE_SECONDS) {
    return { type: "refused", error: livesTooLong() };
  }
  if (typeof sub !== "string" || !isName(sub)) {
    return refused("the token names no subject");
  }
  const principal = Object.freeze({ userId: sub, claims: Object.freeze(all) });
  return { type: "known", principal };
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof UnauthorizedError)) {
    return error;
  }
  if (error.code === "credentials_required") {
    return missingToken();
  }
  return "name" in error.inner && error.inner.name === "TokenExpiredError"
    ? unauthorized("token_expired", {
        message: "The access token has expired: get a new one",
        challenge: ' error="invalid_token"',
      })
    : invalidToken(error.inner);
}

function livesTooLong(): HttpError {
  return unauthorized("token_lives_too_long", {
    message: `A token may be valid for ${MAX_LIFE_SECONDS / 3_600} hours at most: get one that expires sooner`,
    challenge: ' error="invalid_token"',
  });
}

function missingToken(): HttpError {
  return unauthorized("token_missing", {
    message: "The access token is missing: send Authorization: Bearer <token>",
  });
}

function invalidToken(cause: unknown): HttpError {
  return unauthorized("token_invalid", {
    message: "The access token is not valid here: get a new one",
    challenge: ' error="invalid_token"',
    cause,
  });
}

function unauthorized(
  code: string,
  { message, challenge = "", cause }: { message: string; challenge?: string; cause?: unknown },
): HttpError {
  const headers = { "WWW-Authenticate": `Bearer${challenge}` };
  return new HttpError(401, { code, message, headers, cause });
}
