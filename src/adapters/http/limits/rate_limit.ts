import { hash } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import { ipKeyGenerator } from "express-rate-limit";
import type { RequestCount, RequestCounts } from "../../../application/limits/request_counts.ts";
import type { Principal } from "../../../application/ports/tenant_access.ts";
import { Recent } from "../../../application/recent.ts";
import type { Log } from "../../../kit/log.ts";
import { HttpError } from "../http_error.ts";
import { principalOf } from "../identity/authentication.ts";
import { hasScope, OPERATOR_SCOPE } from "../operator_access.ts";
import { type Cost, type RequestContext, requestContext } from "../request_context.ts";
import type { ServiceScope } from "../service_access.ts";

/** Many clients of one address may ask whether we live, and so may a balancer. */
const PROBES_PER_MINUTE = 300;
/** A visit of the page takes so many files at most. */
const FILES_PER_VISIT = 10;
/** How many keys' partitions are remembered. */
const MOST_PARTITIONS = 10_000;
const SERVICE_SCOPES: readonly string[] = [
  "billing:usage",
  "billing:tokens",
  OPERATOR_SCOPE,
] satisfies readonly (ServiceScope | typeof OPERATOR_SCOPE)[];

/** How many requests are taken in a minute. */
export interface RateLimitOptions {
  /** That read, of a user; and all of an address that nobody is identified for. Default: no limit. */
  readonly rateLimitPerMinute?: number | undefined;
  /** That write, of a user. Default: a third of `rateLimitPerMinute`. */
  readonly rateLimitWritesPerMinute?: number | null | undefined;
  /** That need Stripe, of a user. Default: a tenth of `rateLimitPerMinute`. */
  readonly rateLimitStripePerMinute?: number | null | undefined;
  /** Of a service, for each tenant: 20 times `rateLimitPerMinute` by default. */
  readonly rateLimitServicePerMinute?: number | null | undefined;
}

/** What counts requests, each for routes of its own. */
export interface RateLimits {
  /**
   * Comes before it is known who asks. Whatever nobody is identified for counts for its address,
   * however it is answered, and once; an address that has used up its share is refused at once.
   */
  readonly address: RequestHandler;
  /** Comes after `identify`: what a user or a service asks counts no longer for the address. */
  readonly caller: RequestHandler;
  /** Comes when it is known that a service may act for a tenant: counts for both from then on. */
  readonly tenant: RequestHandler;
  /** Health checks, by address. */
  readonly probe: RequestHandler;
  /** Files of the page, by address. */
  readonly page: RequestHandler;
}

/**
 * Counts requests per minute: for the user or service that `identify` knows, apart by what they
 * cost, else for the IP address (IPv6: the /56 network). Every answer says what is left in
 * `RateLimit`, `RateLimit-Policy` and `X-RateLimit-*`; beyond the limit it is 429 `rate_limited` with
 * `Retry-After`. All processes share these counts; of health checks and files each has its own.
 */
export function rateLimits(
  { rateLimitPerMinute: limit, ...others }: RateLimitOptions,
  { counts, logger }: { counts: RequestCounts; logger: Pick<Log, "info" | "warn"> },
): RateLimits {
  if (limit === undefined) {
    return { address: pass, caller: pass, tenant: pass, probe: pass, page: pass };
  }
  const shares = sharesOf(limit, others);
  const count = sharedCount(counts, logger);
  const countInstead = (key: string, context: RequestContext) => {
    if (context.counted !== undefined) {
      counts.uncount(context.counted);
    }
    context.counted = key;
    return count(key);
  };
  const ofAddress = limitRate(shares.address, countInstead);
  const ofCaller = limitRate(shares.caller, countInstead);
  const ofThisProcess = (key: string) => counts.countHere(key);
  return {
    address: (request, response, next) =>
      requestContext(request).counted === undefined ? ofAddress(request, response, next) : next(),
    caller: (request, response, next) =>
      requestContext(request).identity?.type === "known"
        ? ofCaller(request, response, next)
        : next(),
    tenant: (request, response, next) =>
      isService(principalOf(request)) ? ofCaller(request, response, next) : next(),
    probe: limitRate(shares.probe, ofThisProcess),
    page: limitRate(shares.page, ofThisProcess),
  };
}

const pass: RequestHandler = (_request, _response, next) => next();

/** What a request counts for. */
interface Share {
  readonly key: string;
  /** What the limit is called. */
  readonly policy: string;
  readonly limit: number;
}

type ShareOf = (request: Request) => Share;

function sharesOf(limit: number, options: RateLimitOptions) {
  const ofUser: Readonly<Record<Cost, number>> = {
    reads: limit,
    writes: options.rateLimitWritesPerMinute ?? Math.ceil(limit / 3),
    stripe: options.rateLimitStripePerMinute ?? Math.ceil(limit / 10),
  };
  const perTenant = options.rateLimitServicePerMinute ?? 20 * limit;
  const ofService: Readonly<Record<Cost, number>> = {
    reads: perTenant,
    writes: perTenant,
    stripe: Math.ceil(perTenant / 10),
  };
  const ofAddress = (policy: string, most: number) => (request: Request) => ({
    key: `${policy}:${networkOf(request.ip ?? "")}`,
    policy,
    limit: most,
  });
  const service = (request: Request, tenantId = ""): Share => {
    const { userId } = principalOf(request);
    const cost = costOf(request);
    const key = `service:${cost}:${tenantId}:${userId}`;
    return { key, policy: `service-${cost}`, limit: ofService[cost] };
  };
  const user = (request: Request): Share => {
    const cost = costOf(request);
    const key = `user:${cost}:${principalOf(request).userId}`;
    return { key, policy: `user-${cost}`, limit: ofUser[cost] };
  };
  return {
    address: ofAddress("address", limit),
    probe: ofAddress("health-checks", PROBES_PER_MINUTE),
    page: ofAddress("files", FILES_PER_VISIT * limit),
    caller: (request: Request) =>
      isService(principalOf(request))
        ? service(request, requestContext(request).tenant?.tenantId)
        : user(request),
  };
}

function costOf(request: Request): Cost {
  return requestContext(request).cost ?? "reads";
}

/** Whether a token is a service's: whether it has a scope that only services need. */
function isService(principal: Principal): boolean {
  return SERVICE_SCOPES.some((scope) => hasScope(principal, scope));
}

/** An address; of IPv6 the /56 network, which one customer of a provider has. */
function networkOf(ip: string): string {
  return ip.includes(":") ? ipKeyGenerator(ip) : ip;
}

type Count = (key: string, context: RequestContext) => RequestCount;

/** Counts for all processes; says so when the counts cannot be shared any more. */
function sharedCount(counts: RequestCounts, logger: Pick<Log, "info" | "warn">) {
  let wasShared = true;
  return (key: string): RequestCount => {
    const counted = counts.count(key);
    if (counted.isShared !== wasShared) {
      wasShared = counted.isShared;
      tellWhetherShared(wasShared, logger);
    }
    return counted;
  };
}

function tellWhetherShared(isShared: boolean, logger: Pick<Log, "info" | "warn">): void {
  if (isShared) {
    logger.info({}, "All processes share the limits of requests again");
  } else {
    logger.warn(
      {},
      "The limits of requests hold for this process alone: the store does not answer",
    );
  }
}

function limitRate(shareOf: ShareOf, count: Count): RequestHandler {
  return (request, response, next) => {
    const share = shareOf(request);
    const { hits, endsAt } = count(share.key, requestContext(request));
    const seconds = Math.max(0, Math.ceil((endsAt.getTime() - Date.now()) / 1_000));
    tellWhatIsLeft(response, share, { left: Math.max(0, share.limit - hits), seconds, endsAt });
    if (hits <= share.limit) {
      next();
      return;
    }
    throw new HttpError(429, {
      code: "rate_limited",
      message: `More than ${share.limit} requests in a minute: slow down`,
      headers: { "Retry-After": String(seconds) },
    });
  };
}

/** Sets headers as the IETF's draft 8 has them, and as older clients know them. */
function tellWhatIsLeft(
  response: Response,
  { key, policy, limit }: Share,
  { left, seconds, endsAt }: { left: number; seconds: number; endsAt: Date },
): void {
  const partition = partitionOf(key);
  response.setHeader("X-RateLimit-Limit", limit);
  response.setHeader("X-RateLimit-Remaining", left);
  response.setHeader("X-RateLimit-Reset", Math.ceil(endsAt.getTime() / 1_000));
  response.setHeader("RateLimit", `"${policy}"; r=${left}; t=${seconds}`);
  response.setHeader("RateLimit-Policy", `"${policy}"; q=${limit}; w=60; pk=:${partition}:`);
}

const partitions = new Recent<string, string>(MOST_PARTITIONS);

/** Stands for a key in answers, which do not say whose it is. */
function partitionOf(key: string): string {
  const known = partitions.get(key);
  if (known !== undefined) {
    return known;
  }
  const partition = Buffer.from(hash("sha256", key).slice(0, 12)).toString("base64");
  partitions.set(key, partition);
  return partition;
}
