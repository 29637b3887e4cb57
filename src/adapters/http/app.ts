import cors from "cors";
import express, { type Express, type RequestHandler } from "express";
import type { Billing } from "../../application/billing.ts";
import type { TenantAccess } from "../../application/ports/tenant_access.ts";
import type { Logger } from "../../kit/logger.ts";
import type { WatchRequest } from "../../kit/observe.ts";
import { billingEndpoints, billingRouter } from "./billing_router.ts";
import { documentRoutes } from "./document/document_routes.ts";
import { type OpenApiDocument, openApiDocument } from "./document/open_api_document.ts";
import type { Endpoint, EndpointOptions } from "./endpoint.ts";
import { handleErrors, routeNotFound } from "./errors.ts";
import { healthEndpoints } from "./health_endpoint.ts";
import type { AuthenticationOptions } from "./identity/authentication.ts";
import { type RateLimitOptions, rateLimits } from "./limits/rate_limit.ts";
import { type MetricsRoute, metricsHandler } from "./metrics_route.ts";
import { mountEndpoints } from "./mount_endpoints.ts";
import { requireOneHost } from "./request_host.ts";
import { takeRequestId } from "./request_id.ts";
import { logRequests } from "./request_log.ts";
import { inOrder } from "./server/in_order.ts";
import { securityHeaders } from "./server/security_headers.ts";
import { watchRequests } from "./watch_requests.ts";

/** What the service's HTTP side needs. */
export interface AppOptions extends RateLimitOptions {
  readonly billing: Billing;
  readonly authentication: AuthenticationOptions;
  /** Who belongs to which tenant. Default: what the token claims. */
  readonly tenantAccess?: TenantAccess | undefined;
  /** Origins whose pages may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  /** How long a webhook's answer waits for the event's handling. Milliseconds, default 8,000. */
  readonly webhookDeadlineMs?: number | undefined;
  /** How many requests are worked on at once; more are answered 503. Default: 1,000. */
  readonly mostRequests?: number | undefined;
  /** How many proxies in front of us may say, in `X-Forwarded-For`, who calls. Default 0. */
  readonly trustedProxies?: number | undefined;
  /** What is served below `/dashboard`. Default: nothing. */
  readonly dashboard?: RequestHandler | undefined;
  /** Whether the process was told to stop. Default: never. */
  readonly isStopping?: (() => boolean) | undefined;
  /** Looks at every request. Default: nobody does. */
  readonly watchRequest?: WatchRequest | undefined;
  /** What `/metrics` answers, and the token that it asks for. Default: there is none. */
  readonly metrics?: MetricsRoute | undefined;
  readonly logger: Logger;
}

/**
 * The whole service as an Express application: health checks, the billing routes at `/billing`,
 * and the dashboard.
 *
 * @throws {RangeError} when the authentication's key cannot be used
 */
export function createApp(options: AppOptions): Express {
  const { billing, corsOrigins, dashboard, logger, trustedProxies = 0 } = options;
  const { isStopping = () => false } = options;
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.set("case sensitive routing", true);
  app.set("strict routing", true);
  app.set("trust proxy", trustedProxies);
  const limits = rateLimits(options, { counts: billing.requestCounts, logger });
  if (options.watchRequest !== undefined) {
    app.use(watchRequests(options.watchRequest));
  }
  const health = healthEndpoints(billing, isStopping);
  const guards = { public: [limits.probe] };
  app.use(
    inOrder([
      takeRequestId,
      logRequests(logger),
      securityHeaders(),
      requireOneHost,
      crossOrigin(corsOrigins),
      mountEndpoints(health, { guards, refused: limits.address, causes: billing.causes }),
    ]),
  );
  if (options.metrics !== undefined) {
    app.get("/metrics", limits.page, metricsHandler(options.metrics));
  }
  app.use("/billing", billingRouter(options, limits));
  app.use(["/openapi.json", "/docs"], limits.page);
  app.use(documentRoutes(() => serviceDocument(options, health)));
  if (dashboard !== undefined) {
    app.use("/dashboard", limits.page, dashboard);
  }
  app.use(limits.address, routeNotFound);
  app.use(handleErrors(logger));
  return app;
}

/** The document of the service's routes. */
export function serviceDocument(
  options: EndpointOptions,
  health: readonly Endpoint[],
): OpenApiDocument {
  return openApiDocument([
    { prefix: "/billing", endpoints: billingEndpoints(options) },
    { prefix: "", endpoints: health },
  ]);
}

/** Tells browsers which pages may read answers; what no page asks for needs no more than `Vary`. */
function crossOrigin(origins: readonly string[]): RequestHandler {
  const answer = cors({
    origin: [...origins],
    methods: ["GET", "POST", "PUT", "DELETE"],
    allowedHeaders: ["Authorization", "Content-Type", "X-Tenant-Id", "X-Request-Id"],
    exposedHeaders: [
      "X-Request-Id",
      "X-RateLimit-Limit",
      "X-RateLimit-Remaining",
      "X-RateLimit-Reset",
      "RateLimit",
      "RateLimit-Policy",
      "X-Quota-Limit",
      "X-Quota-Used",
      "X-Quota-Percentage",
      "X-Quota-Warning",
      "Retry-After",
    ],
    maxAge: 600,
  });
  return (request, response, next) => {
    if (request.headers.origin === undefined && request.method !== "OPTIONS") {
      response.setHeader("Vary", "Origin");
      next();
    } else {
      answer(request, response, next);
    }
  };
}
