import type { RequestHandler } from "express";
import type { TenantAccess } from "../../application/ports/tenant_access.ts";
import { HttpError } from "./http_error.ts";
import { principalOf } from "./identity/authentication.ts";
import { claimOf, hasScope } from "./operator_access.ts";
import { requestContext } from "./request_context.ts";
import { notAMember, tenantIdOf } from "./tenant_context.ts";

/** What services may do for tenants, by the scope that their token needs. */
export type ServiceScope = "billing:usage" | "billing:tokens";

/**
 * Lets services through that act for the tenant in `X-Tenant-Id`: their token lists the tenant, or
 * is for all tenants (`"*"`). The scope is up to `requireScope`.
 *
 * @param tenantsClaim the claim that lists tenants
 */
export function requireServiceTenant(access: TenantAccess, tenantsClaim: string): RequestHandler {
  return async (request, _response, next) => {
    const tenantId = tenantIdOf(request);
    const principal = principalOf(request);
    const forAll = claimOf(principal, tenantsClaim) === "*";
    const role = forAll ? "MEMBER" : await access.roleIn(tenantId, principal);
    if (role === undefined) {
      throw notAMember();
    }
    requestContext(request).tenant = { tenantId, role };
    next();
  };
}

/**
 * Lets members of the tenant through, and of services for all tenants those whose token has a
 * scope; 403 for others. To be used after `requireServiceTenant`.
 *
 * @param tenantsClaim the claim that lists tenants
 */
export function requireScopeForAll(scope: ServiceScope, tenantsClaim: string): RequestHandler {
  const checkScope = requireScope(scope);
  return (request, response, next) =>
    claimOf(principalOf(request), tenantsClaim) === "*"
      ? checkScope(request, response, next)
      : next();
}

/** Lets only those through whose token has a scope; 403 for others. */
export function requireScope(scope: ServiceScope): RequestHandler {
  return (request, _response, next) => {
    if (!hasScope(principalOf(request), scope)) {
      throw new HttpError(403, {
        code: "scope_insufficient",
        message: `This route is for services: the token needs the scope ${scope}`,
      });
    }
    next();
  };
}
