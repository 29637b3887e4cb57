import type { Request, RequestHandler } from "express";
import type { TenantAccess, TenantRole } from "../../application/ports/tenant_access.ts";
import { isTenantId } from "../../domain/subscription/billing_account.ts";
import { HttpError } from "./http_error.ts";
import { principalOf } from "./identity/authentication.ts";
import { requestContext } from "./request_context.ts";

const HEADER = "X-Tenant-Id";

/** Lets only members of the tenant in `X-Tenant-Id` through (P35); 400 or 403 for others. */
export function requireMember(access: TenantAccess): RequestHandler {
  return async (request, _response, next) => {
    const tenantId = tenantIdOf(request);
    const role = await access.roleIn(tenantId, principalOf(request));
    if (role === undefined) {
      throw notAMember();
    }
    requestContext(request).tenant = { tenantId, role };
    next();
  };
}

/** Lets only members through who may spend the tenant's money; 403 for others. */
export const requirePayer: RequestHandler = (request, _response, next) => {
  if (!mayPay(tenantOf(request).role)) {
    throw new HttpError(403, {
      code: "role_insufficient",
      message: "Your role in this tenant may not do this: ask an owner, admin or billing member",
    });
  }
  next();
};

/** Lets only members through who run the tenant; 403 for others. */
export const requireAdmin: RequestHandler = (request, _response, next) => {
  if (!runsTenant(tenantOf(request).role)) {
    throw new HttpError(403, {
      code: "role_insufficient",
      message: "Your role in this tenant may not do this: ask an owner or admin",
    });
  }
  next();
};

/** The tenant that `requireMember` let through. */
export function tenantOf(request: Request): { tenantId: string; role: TenantRole } {
  const { tenant } = requestContext(request);
  if (tenant === undefined) {
    throw new TypeError("Cannot tell the tenant: the route does not require one");
  }
  return tenant;
}

/** The refusal of those who may not act for a tenant. */
export function notAMember(): HttpError {
  return new HttpError(403, {
    code: "not_a_member",
    message: "You are not a member of this tenant",
  });
}

/** The tenant that a request names. @throws {HttpError} 400 when it names none, or not properly */
export function tenantIdOf(request: Request): string {
  const values = request.headersDistinct["x-tenant-id"] ?? [];
  const [tenantId] = values;
  if (tenantId === undefined || tenantId === "") {
    throw new HttpError(400, {
      code: "tenant_missing",
      message: `The header ${HEADER} is missing: send the id of the tenant you act for`,
    });
  }
  if (values.length > 1 || !isTenantId(tenantId)) {
    throw new HttpError(400, {
      code: "tenant_malformed",
      message: `The header ${HEADER} must be one tenant id`,
    });
  }
  return tenantId;
}

/** Whether members with that role may spend the tenant's money. */
export function mayPay(role: TenantRole): boolean {
  switch (role) {
    case "OWNER":
    case "ADMIN":
    case "BILLING":
      return true;
    case "MEMBER":
      return false;
    default:
      return role satisfies never;
  }
}

function runsTenant(role: TenantRole): boolean {
  switch (role) {
    case "OWNER":
    case "ADMIN":
      return true;
    case "BILLING":
    case "MEMBER":
      return false;
    default:
      return role satisfies never;
  }
}
