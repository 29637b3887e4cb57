import type { Request, RequestHandler } from "express";
import type { Principal } from "../../../application/ports/tenant_access.ts";
import { isName } from "../../../domain/text.ts";
import { HttpError } from "../http_error.ts";
import { type Identity, requestContext } from "../request_context.ts";

/**
 * Says who makes a request, as the host has found out itself; `null` where nobody is signed in.
 * Claims are read as those of a token: `tenants` lists memberships (`[{"id", "role"}]`, or `"*"` for
 * services), `scope` what a service may do. What it throws is answered 500; a `PortError` 502 or 503.
 */
export type Authenticate = (request: Request) => Principal | null | Promise<Principal | null>;

/** Asks the host who makes a request; refusing is left to `requireUser`. */
export function identifyByHost(authenticate: Authenticate): RequestHandler {
  return async (request, _response, next) => {
    requestContext(request).identity = await identityOf(authenticate, request);
    next();
  };
}

async function identityOf(authenticate: Authenticate, request: Request): Promise<Identity> {
  try {
    const principal = await authenticate(request);
    return principal === null
      ? { type: "refused", error: nobody() }
      : { type: "known", principal: checked(principal) };
  } catch (error) {
    return { type: "refused", error };
  }
}

function checked(principal: Principal): Principal {
  const { userId, claims }: { userId?: unknown; claims?: unknown } = Object(principal);
  if (typeof userId !== "string" || !isName(userId)) {
    throw new TypeError(
      "Cannot use what authenticate answered: userId must be 1 to 255 characters of well-formed " +
        "text without control characters",
    );
  }
  if (typeof claims !== "object" || claims === null) {
    throw new TypeError("Cannot use what authenticate answered: claims must be an object");
  }
  return principal;
}

function nobody(): HttpError {
  return new HttpError(401, {
    code: "not_signed_in",
    message: "Nobody is signed in: sign in, and send the request again",
  });
}
