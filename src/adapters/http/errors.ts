import type { ServerResponse } from "node:http";
import type { ErrorRequestHandler, Request, RequestHandler } from "express";
import { UntrustedClockError } from "../../application/ports/clock.ts";
import { PortError } from "../../application/ports/port_error.ts";
import { TenantEndedError } from "../../application/ports/tenant_ended_error.ts";
import { UnreadableLedgerError } from "../../application/ports/tokens/token_ledger_store.ts";
import type { Log } from "../../kit/log.ts";
import { writeReply } from "./endpoint.ts";
import { HttpError, type HttpErrorContent } from "./http_error.ts";
import { OVERLOADED } from "./limits/bound_work.ts";
import { requestContext } from "./request_context.ts";
import { type Addressed, loggedPath, requestPath } from "./request_path.ts";

/** How long clients are asked to wait when a dependency fails. Seconds. */
const RETRY_AFTER_SECONDS = 5;
/** Clocks are compared once a minute. Seconds. */
const CLOCK_RETRY_AFTER_SECONDS = 60;

/** What the body parser says, by the `type` of its errors, and what we answer. */
const BODY_ERRORS: Readonly<Record<string, readonly [number, HttpErrorContent]>> = {
  "entity.parse.failed": [
    400,
    { code: "invalid_json", message: "The body is not valid JSON: send one JSON object" },
  ],
  "entity.too.large": [
    413,
    { code: "body_too_large", message: "The body is too large: send fewer bytes" },
  ],
  "encoding.unsupported": [
    415,
    { code: "unsupported_encoding", message: "Send the body without Content-Encoding" },
  ],
  "request.size.invalid": [
    400,
    { code: "invalid_body", message: "The body has another length than Content-Length says" },
  ],
  "request.aborted": [400, { code: "invalid_body", message: "The body ended too early" }],
};

/**
 * Writes every error body, here and nowhere else: `{statusCode, message, path, timestamp, code}`,
 * and `details` where there are any. What is not an `HttpError` shows nothing of itself.
 */
export function handleErrors(logger: Pick<Log, "error" | "warn" | "debug">) {
  const handler: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    const answer = httpErrorOf(error);
    const { requestId } = requestContext(request);
    const fields = {
      err: error,
      requestId,
      path: loggedPath(request),
      statusCode: answer.statusCode,
    };
    if (answer.statusCode >= 500) {
      const level = levelOf(answer);
      logger[level](fields, "Cannot answer the request");
    } else if (answer.cause !== undefined) {
      logger.debug(fields, "Refused the request");
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    writeError(request, response, answer);
  };
  return handler;
}

/** What is refused because there is too much of it is not to fill the log, too. */
function levelOf({ statusCode, code }: HttpError): "debug" | "warn" | "error" {
  return code === OVERLOADED ? "debug" : statusCode === 503 ? "warn" : "error";
}

/** Writes one error body. */
function writeError(request: Request, response: ServerResponse, error: HttpError): void {
  const { statusCode: status, headers } = error;
  writeReply(response, { status, body: errorBody(request, error), headers });
}

/** An error as clients are shown it; undefined fields are not sent. */
export function errorBody(request: Addressed, error: HttpError) {
  const { statusCode, message, code, details, fields } = error;
  const timestamp = new Date().toISOString();
  return { statusCode, message, path: requestPath(request), timestamp, code, details, ...fields };
}

/** Answers 404 for whatever no route has answered. */
export const routeNotFound: RequestHandler = () => {
  throw new HttpError(404, { code: "route_not_found", message: "There is nothing at this path" });
};

/** What a client is told about an error; what is not an `HttpError` shows nothing of itself. */
export function httpErrorOf(error: unknown): HttpError {
  if (error instanceof HttpError) {
    return error;
  }
  if (error instanceof UntrustedClockError) {
    return new HttpError(503, {
      code: "clock_not_trusted",
      message:
        "The service's clock differs from others, so it begins no month: try again in a minute",
      headers: { "Retry-After": String(CLOCK_RETRY_AFTER_SECONDS) },
    });
  }
  if (error instanceof UnreadableLedgerError) {
    return spendingHalted();
  }
  if (error instanceof TenantEndedError) {
    return new HttpError(403, {
      code: "tenant_ended",
      message: "This tenant has been ended: it sends, spends and buys nothing any more",
    });
  }
  if (error instanceof PortError) {
    return portHttpError(error);
  }
  return (
    frameworkHttpError(error) ??
    new HttpError(500, {
      code: "internal_error",
      message: "Something went wrong on our side",
    })
  );
}

/** What the framework and its parsers refuse, with the status that they give it. */
function frameworkHttpError(error: unknown): HttpError | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const type = "type" in error ? error.type : undefined;
  if (typeof type === "string" && Object.hasOwn(BODY_ERRORS, type)) {
    const known = BODY_ERRORS[type];
    return known && new HttpError(...known);
  }
  const { status, expose } = { status: 0, expose: false, ...error };
  if (error instanceof URIError && status === 400) {
    return new HttpError(400, {
      code: "invalid_path",
      message: "The path is not valid: encode it as UTF-8, with % and two hexadecimal digits",
    });
  }
  return expose === true && status >= 400 && status <= 499
    ? new HttpError(status, {
        code: "invalid_request",
        message: "The request cannot be read: see that it is well-formed HTTP",
        cause: error,
      })
    : undefined;
}

/** The refusal of whatever needs a token ledger that was found damaged. */
export function spendingHalted(): HttpError {
  return new HttpError(409, {
    code: "spending_halted",
    message: "Spending is halted for this tenant until an operator has checked its ledger",
  });
}

function portHttpError(error: PortError): HttpError {
  return error.transient
    ? new HttpError(503, {
        code: "temporarily_unavailable",
        message: "A service we depend on does not answer right now: try again in a few seconds",
        headers: { "Retry-After": String(RETRY_AFTER_SECONDS) },
      })
    : new HttpError(502, {
        code: "dependency_failed",
        message: "A service we depend on refused the request: trying again will not help",
      });
}
