import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler } from "express";
import type { Logger } from "../../kit/logger.ts";
import { requestContext } from "./request_context.ts";
import { loggedPath, requestPath } from "./request_path.ts";

/**
 * Logs one line per request when it is over: what was asked by whom, and how it ended. Bodies,
 * headers and queries are left out. Health checks are logged at debug, whatever they say.
 */
export function logRequests(logger: Pick<Logger, "debug" | "info" | "error">): RequestHandler {
  return (request, response, next) => {
    const startMs = performance.now();
    response.on("close", () => {
      logger[levelOf(request, response)](
        lineOf(request, response, Math.round(performance.now() - startMs)),
        response.writableFinished ? "request completed" : "request aborted",
      );
    });
    next();
  };
}

function levelOf(request: IncomingMessage, { statusCode }: ServerResponse) {
  return isHealthCheck(request) ? "debug" : statusCode >= 500 ? "error" : "info";
}

function lineOf(request: IncomingMessage, response: ServerResponse, responseTimeMs: number) {
  const { requestId, identity, tenant } = requestContext(request);
  return {
    requestId,
    method: request.method,
    path: loggedPath(request),
    statusCode: response.statusCode,
    responseTimeMs,
    userId: identity?.type === "known" ? identity.principal.userId : undefined,
    tenantId: tenant?.tenantId,
    remoteAddress: "ip" in request ? request.ip : request.socket.remoteAddress,
  };
}

function isHealthCheck(request: IncomingMessage): boolean {
  return ["/healthz", "/readyz"].includes(requestPath(request));
}
