import type { IncomingMessage, ServerResponse } from "node:http";
import express, { type RequestHandler, type Router } from "express";
import type { TenantAccess } from "../../application/ports/tenant_access.ts";
import { attentionEndpoints } from "./attention/endpoints.ts";
import { auditEndpoints } from "./audit/endpoints.ts";
import { catalogEndpoints } from "./catalog/endpoints.ts";
import { checkoutEndpoints } from "./checkout/endpoints.ts";
import type { Access, Endpoint, EndpointOptions } from "./endpoint.ts";
import { handleErrors } from "./errors.ts";
import { eventEndpoints } from "./events/endpoints.ts";
import { HttpError } from "./http_error.ts";
import { type AuthenticationOptions, identify, requireUser } from "./identity/authentication.ts";
import { ClaimsTenantAccess } from "./identity/claims_tenant_access.ts";
import { type Authenticate, identifyByHost } from "./identity/host_identity.ts";
import { boundWork } from "./limits/bound_work.ts";
import { type RateLimitOptions, type RateLimits, rateLimits } from "./limits/rate_limit.ts";
import { type Guards, mountEndpoints } from "./mount_endpoints.ts";
import { notificationEndpoints } from "./notifications/endpoints.ts";
import { requireOperator } from "./operator_access.ts";
import { quotaEndpoints } from "./quota/endpoints.ts";
import { takeRequestId } from "./request_id.ts";
import { inOrder } from "./server/in_order.ts";
import { requireScopeForAll, requireServiceTenant } from "./service_access.ts";
import { subscriptionEndpoints } from "./subscription/endpoints.ts";
import { requireAdmin, requireMember, requirePayer } from "./tenant_context.ts";
import { tokenEndpoints } from "./tokens/endpoints.ts";

export {
  type LimitGuardOptions,
  limitGuard,
  type QuotaGuardOptions,
  quotaGuard,
  type TokenGuardOptions,
  tokenGuard,
} from "./guards/express_guards.ts";
export { checkedLimit } from "./guards/limit_guard.ts";
export { type CountedRequest, countedRequest } from "./guards/quota_guard.ts";
export { type ReservedTokens, reservedTokens } from "./guards/token_guard.ts";
export type { AuthenticationOptions } from "./identity/authentication.ts";
export type { Authenticate } from "./identity/host_identity.ts";

/** How it is known who makes a request: by tokens that we verify, or by the host. One of them. */
export type IdentityOptions =
  | { readonly authentication: AuthenticationOptions; readonly authenticate?: undefined }
  | { readonly authenticate: Authenticate; readonly authentication?: undefined };

/** What the billing routes need. */
export type BillingRouterOptions = EndpointOptions &
  IdentityOptions &
  RateLimitOptions & {
    /** Who belongs to which tenant. Default: what the token, or the host, claims. */
    readonly tenantAccess?: TenantAccess | undefined;
    /** How many requests are worked on at once; more are answered 503. Default: 1,000. */
    readonly mostRequests?: number | undefined;
  };

/** Express's router, and middleware for requests of Node's own. */
export type BillingRouter = Router &
  ((request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void);

/** With bodies of up to 64 KiB each, which bounds the memory that they take. */
const MOST_REQUESTS = 1_000;
const DEFAULT_TENANTS_CLAIM = "tenants";

const ROOMS = [
  attentionEndpoints,
  auditEndpoints,
  catalogEndpoints,
  checkoutEndpoints,
  eventEndpoints,
  notificationEndpoints,
  quotaEndpoints,
  subscriptionEndpoints,
  tokenEndpoints,
];

/** Every route below `/billing`, with who may use it. */
export function billingEndpoints(options: EndpointOptions): readonly Endpoint[] {
  return ROOMS.flatMap((endpoints) => endpoints(options));
}

/**
 * The billing routes for any Express 5 application. The page and clients look for them at
 * `/billing`, so mount it there: `app.use("/billing", createBillingRouter(options))`. Its paths do
 * not begin with `/billing` themselves; mounted at the root it would take `/webhook` and others of
 * the host's. Mount it before `express.json()`, or keep the webhook's bytes in `request.rawBody`
 * (P01), and before whatever answers 404. Errors are answered by the router itself. It takes
 * requests of Node's own, too: frameworks that have middleware, such as Fastify, mount it likewise.
 *
 * @throws {TypeError} unless it is given one of `authentication` and `authenticate`
 * @throws {RangeError} when the authentication's key cannot be used
 */
export function createBillingRouter(options: BillingRouterOptions): BillingRouter {
  const { billing, logger } = options;
  return billingRouter(options, rateLimits(options, { counts: billing.requestCounts, logger }));
}

/** The billing routes with limits that other routes may share. */
export function billingRouter(options: BillingRouterOptions, limits: RateLimits): BillingRouter {
  const router = express.Router();
  const endpoints = billingEndpoints(options);
  const { signed, others } = Object.groupBy(endpoints, ({ access }) =>
    access === "signature" ? "signed" : "others",
  );
  const mounting = {
    guards: guardsOf(options, limits),
    refused: limits.address,
    causes: options.billing.causes,
  };
  router.use(
    inOrder([
      asExpress(router),
      takeRequestId,
      mountEndpoints(signed ?? [], mounting),
      limits.address,
      mountEndpoints(others ?? [], mounting),
    ]),
  );
  router.use("/billing", misplaced(endpoints));
  router.use(handleErrors(options.logger));
  return router as BillingRouter;
}

/** Lets requests of Node's own through as Express's, so that the router stands in any framework. */
function asExpress(router: Router): RequestHandler {
  const app = express().disable("x-powered-by").use(router);
  return (request, response, next) => ("app" in request ? next() : app(request, response, next));
}

/** Says where the router belongs, to whoever finds it one `/billing` too low; not where it is right. */
function misplaced(endpoints: readonly Endpoint[]): Router {
  const router = express.Router();
  const paths = new Set(endpoints.map(({ path }) => path));
  router.all([...paths], ({ path, baseUrl }, _response, next) => {
    const mounted = baseUrl.slice(0, -"/billing".length);
    if (mounted.endsWith("/billing")) {
      next();
      return;
    }
    const message =
      `The billing router is mounted where ${mounted}${path} ` +
      'would answer: mount it with app.use("/billing", createBillingRouter(options))';
    throw new HttpError(500, { code: "router_misplaced", message, cause: new Error(message) });
  });
  return router;
}

function guardsOf(options: BillingRouterOptions, limits: RateLimits): Guards<Access> {
  const { identifyUser, tenantsClaim } = identification(options);
  const access = options.tenantAccess ?? new ClaimsTenantAccess(tenantsClaim);
  const work = boundWork(options.mostRequests ?? MOST_REQUESTS);
  const user = [identifyUser, limits.caller, requireUser];
  const member = [...user, requireMember(access), limits.tenant];
  const operator = [...user, requireOperator(tenantsClaim)];
  const service = [...user, requireServiceTenant(access, tenantsClaim), limits.tenant];
  const admin = [...member, requireAdmin];
  const payer = [...member, requirePayer];
  const either = [...service, requireScopeForAll("billing:usage", tenantsClaim)];
  return {
    public: [],
    signature: [work],
    user: [...user, work],
    member: [...member, work],
    admin: [...admin, work],
    payer: [...payer, work],
    service: [...service, work],
    operator: [...operator, work],
    member_or_service: [...either, work],
  };
}

function identification({ authentication, authenticate }: IdentityOptions) {
  if ((authentication === undefined) === (authenticate === undefined)) {
    throw new TypeError(
      "Cannot create the billing router: give it one of authentication (how tokens are verified) " +
        "and authenticate (your own identity)",
    );
  }
  return authentication === undefined
    ? { identifyUser: identifyByHost(authenticate), tenantsClaim: DEFAULT_TENANTS_CLAIM }
    : { identifyUser: identify(authentication), tenantsClaim: authentication.tenantsClaim };
}
