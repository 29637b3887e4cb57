import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler } from "express";
import { pinoHttp } from "pino-http";
import type { Logger } from "../../kit/logger.ts";
import { requestContext } from "./request_context.ts";
import { loggedPath, requestPath } from "./request_path.ts";

/**
 * Logs one line per request when it is over: what was asked by whom, and how it ended. Bodies,
 * headers and queries are left out. Health checks are logged at debug, whatever they say.
 */
export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp<IncomingMessage, ServerResponse>({
    logger,
    quietReqLogger: true,
    quietResLogger: true,
    wrapSerializers: false,
    serializers: { req: () => undefined },
    customAttributeKeys: { reqId: "requestId" },
    genReqId: (request) => requestContext(request).requestId ?? "",
    customLogLevel: (request, response) =>
      isHealthCheck(request) ? "debug" : response.statusCode >= 500 ? "error" : "info",
    customSuccessObject: (request, response, fields) =>
      lineOf(request, response, fields.responseTime),
    customErrorObject: (request, response, _error, fields) =>
      lineOf(request, response, fields.responseTime),
    customErrorMessage: () => "request completed",
  });
}

function lineOf(request: IncomingMessage, response: ServerResponse, responseTimeMs: unknown) {
  const { identity, tenant } = requestContext(request);
  return {
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
