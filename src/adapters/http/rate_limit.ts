import type { Request, RequestHandler } from "express";
import { ipKeyGenerator, MemoryStore, rateLimit } from "express-rate-limit";
import { HttpError } from "./http_error.ts";
import { requestContext } from "./request_context.ts";

const WINDOW_MS = 60_000;
/** Many clients of one address may ask whether we live, and so may a balancer. */
const PROBES_PER_MINUTE = 300;
/** A visit of the page takes so many files at most. */
const FILES_PER_VISIT = 10;

/** What counts requests, each for routes of its own. */
export interface RateLimits {
  /**
   * Comes before it is known who asks. Whatever nobody is identified for counts for its address,
   * however it is answered, and once; an address that has used up its share is refused at once.
   */
  readonly address: RequestHandler;
  /** Comes after `identify`: a user's requests count for the user, no longer for the address. */
  readonly user: RequestHandler;
  /** Health checks, by address. */
  readonly probe: RequestHandler;
  /** Files of the page, by address. */
  readonly page: RequestHandler;
}

/**
 * Counts requests per minute: by the user that `identify` knows, else by IP address (IPv6: by
 * /56 network). Every answer says what is left in `X-RateLimit-*`; beyond the limit it is 429 with
 * `Retry-After`. Counted in memory, so each process has a limit of its own.
 *
 * @param requestsPerMinute `undefined`: no limit
 */
export function rateLimits(requestsPerMinute: number | undefined): RateLimits {
  if (requestsPerMinute === undefined) {
    return { address: pass, user: pass, probe: pass, page: pass };
  }
  const store = new MemoryStore();
  const ofAddress = limitRate(requestsPerMinute, { keyGenerator: addressOf, store });
  const ofUser = limitRate(requestsPerMinute, { keyGenerator: userOf });
  return {
    address(request, response, next) {
      const context = requestContext(request);
      if (context.isCounted) {
        next();
        return;
      }
      context.isCounted = true;
      return ofAddress(request, response, next);
    },
    async user(request, response, next) {
      if (requestContext(request).identity?.type !== "known") {
        next();
        return;
      }
      await store.decrement(addressOf(request));
      return await ofUser(request, response, next);
    },
    probe: limitRate(PROBES_PER_MINUTE, { keyGenerator: addressOf }),
    page: limitRate(FILES_PER_VISIT * requestsPerMinute, { keyGenerator: addressOf }),
  };
}

const pass: RequestHandler = (_request, _response, next) => next();

function limitRate(
  limit: number,
  options: { keyGenerator: (request: Request) => string; store?: MemoryStore },
): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    legacyHeaders: true,
    standardHeaders: false,
    validate: false,
    ...options,
    handler: (_request, _response, next) => {
      next(
        new HttpError(429, {
          code: "rate_limited",
          message: `More than ${limit} requests in a minute: slow down`,
        }),
      );
    },
  });
}

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? "");
}

function userOf(request: Request): string {
  const { identity } = requestContext(request);
  return identity?.type === "known" ? identity.principal.userId : "";
}
