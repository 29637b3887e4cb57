import express, { type Router } from "express";
import type { TenantAccess } from "../../application/ports/tenant_access.ts";
import { attentionEndpoints } from "./attention/endpoints.ts";
import { auditEndpoints } from "./audit/endpoints.ts";
import { type AuthenticationOptions, identify, requireUser } from "./authentication.ts";
import { catalogEndpoints } from "./catalog/endpoints.ts";
import { checkoutEndpoints } from "./checkout/endpoints.ts";
import { ClaimsTenantAccess } from "./claims_tenant_access.ts";
import type { Access, Endpoint, EndpointOptions } from "./endpoint.ts";
import { handleErrors } from "./errors.ts";
import { eventEndpoints } from "./events/endpoints.ts";
import { type Guards, mountEndpoints } from "./mount_endpoints.ts";
import { requireOperator } from "./operator_access.ts";
import { quotaEndpoints } from "./quota/endpoints.ts";
import { limitRate } from "./rate_limit.ts";
import { takeRequestId } from "./request_id.ts";
import { requireServiceTenant } from "./service_access.ts";
import { subscriptionEndpoints } from "./subscription/endpoints.ts";
import { requireAdmin, requireMember, requirePayer } from "./tenant_context.ts";
import { tokenEndpoints } from "./tokens/endpoints.ts";

export {
  type CountedRequest,
  countedRequest,
  type QuotaGuardOptions,
  quotaGuard,
} from "./quota/quota_guard.ts";

/** What the billing routes need. */
export interface BillingRouterOptions extends EndpointOptions {
  readonly authentication: AuthenticationOptions;
  /** Who belongs to which tenant. Default: what the token claims. */
  readonly tenantAccess?: TenantAccess | undefined;
  /** Per user, else per IP address; webhooks are not counted. Default: no limit. */
  readonly rateLimitPerMinute?: number | undefined;
}

const ROOMS = [
  attentionEndpoints,
  auditEndpoints,
  catalogEndpoints,
  checkoutEndpoints,
  eventEndpoints,
  quotaEndpoints,
  subscriptionEndpoints,
  tokenEndpoints,
];

/** Every route below `/billing`, with who may use it. */
export function billingEndpoints(options: EndpointOptions): readonly Endpoint[] {
  return ROOMS.flatMap((endpoints) => endpoints(options));
}

/**
 * The billing routes for any Express 5 application, at any path. Errors are answered by the router
 * itself. Mount it before `express.json()`, or keep the webhook's bytes in `request.rawBody` (P01).
 *
 * @throws {RangeError} when the authentication's key cannot be used
 */
export function createBillingRouter(options: BillingRouterOptions): Router {
  const router = express.Router();
  router.use(takeRequestId);
  router.use(
    mountEndpoints(billingEndpoints(options), {
      guards: guardsOf(options),
      causes: options.billing.causes,
    }),
  );
  router.use(handleErrors(options.logger));
  return router;
}

function guardsOf(options: BillingRouterOptions): Guards<Access> {
  const { authentication, rateLimitPerMinute: requestsPerMinute } = options;
  const access = options.tenantAccess ?? new ClaimsTenantAccess(authentication.tenantsClaim);
  const user = [
    identify(authentication),
    ...(requestsPerMinute === undefined ? [] : [limitRate({ requestsPerMinute })]),
    requireUser,
  ];
  const member = [...user, requireMember(access)];
  const operator = [...user, requireOperator(authentication.tenantsClaim)];
  const service = [...user, requireServiceTenant(access, authentication.tenantsClaim)];
  const admin = [...member, requireAdmin];
  const payer = [...member, requirePayer];
  return { public: [], signature: [], user, member, admin, payer, service, operator };
}
