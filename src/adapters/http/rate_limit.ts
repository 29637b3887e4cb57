import type { Request, RequestHandler } from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import { HttpError } from "./http_error.ts";
import { requestContext } from "./request_context.ts";

const WINDOW_MS = 60_000;

/**
 * Counts requests per minute: by the user that `identify` knows, else by IP address (IPv6: by
 * /56 network). Every answer says what is left in `X-RateLimit-*`; beyond the limit it is 429 with
 * `Retry-After`. Counted in memory, so each process has a limit of its own.
 */
export function limitRate({ requestsPerMinute }: { requestsPerMinute: number }): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: requestsPerMinute,
    legacyHeaders: true,
    standardHeaders: false,
    validate: false,
    keyGenerator: clientOf,
    handler: (_request, _response, next) => {
      next(
        new HttpError(429, {
          code: "rate_limited",
          message: `More than ${requestsPerMinute} requests in a minute: slow down`,
        }),
      );
    },
  });
}

function clientOf(request: Request): string {
  const { identity } = requestContext(request);
  return identity?.type === "known"
    ? `user:${identity.principal.userId}`
    : `ip:${ipKeyGenerator(request.ip ?? "")}`;
}
