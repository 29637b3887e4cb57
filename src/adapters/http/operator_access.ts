import type { RequestHandler } from "express";
import type { Principal } from "../../application/ports/tenant_access.ts";
import { HttpError } from "./http_error.ts";
import { principalOf } from "./identity/authentication.ts";

/** The scope of tokens that operate the service. */
export const OPERATOR_SCOPE = "billing:admin";

/**
 * Lets only services through whose token has the scope `billing:admin` and says that it is for all
 * tenants (`"*"`): what operators see is of all of them (P35).
 *
 * @param tenantsClaim the claim that lists tenants
 */
export function requireOperator(tenantsClaim: string): RequestHandler {
  return (request, _response, next) => {
    const principal = principalOf(request);
    if (!hasScope(principal, OPERATOR_SCOPE)) {
      throw new HttpError(403, {
        code: "scope_insufficient",
        message: `This route is for services: the token needs the scope ${OPERATOR_SCOPE}`,
      });
    }
    if (claimOf(principal, tenantsClaim) !== "*") {
      throw new HttpError(403, {
        code: "tenants_restricted",
        message: `This route shows all tenants: the token needs "${tenantsClaim}": "*"`,
      });
    }
    next();
  };
}

/** Whether a token's `scope`, a list with spaces in between, names a scope. */
export function hasScope(principal: Principal, scope: string): boolean {
  const scopes = claimOf(principal, "scope");
  return typeof scopes === "string" && scopes.split(" ").includes(scope);
}

/** A verified claim; `undefined` where the token has none of that name. */
export function claimOf({ claims }: Principal, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}
