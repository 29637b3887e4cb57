import express, { type Request, type RequestHandler, type Router } from "express";
import type { CauseScope } from "../../application/ports/audit/cause_scope.ts";
import { type Access, type Answer, type Endpoint, writeReply } from "./endpoint.ts";
import { boundBodies, requireSignatureForm } from "./events/webhook_guards.ts";
import { HttpError } from "./http_error.ts";
import { principalOf } from "./identity/authentication.ts";
import { keepRawBody, parseJsonBody, rawBodyOf } from "./request_body.ts";
import { requireScope } from "./service_access.ts";
import { tenantOf } from "./tenant_context.ts";

/** Of 1 MiB each, which bounds the memory that strangers can take. */
const MAX_SIGNED_BODIES = 32;

/** What stands before the handlers of endpoints, by who may use them. */
export type Guards<A extends Access> = Readonly<Record<A, readonly RequestHandler[]>>;

/** What endpoints are mounted with. */
export interface Mounting<A extends Access> {
  readonly guards: Guards<A>;
  /** What stands before the refusal of other methods. */
  readonly refused: RequestHandler;
  readonly causes: Pick<CauseScope, "run">;
}

/**
 * A router with these endpoints: whoever may not use one is refused before the body is read.
 * Other methods of a path answer 405; other paths are left to the application.
 */
export function mountEndpoints<A extends Access>(
  endpoints: readonly (Endpoint & { readonly access: A })[],
  { guards, refused, causes }: Mounting<A>,
): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  for (const endpoint of endpoints) {
    router[endpoint.method](
      endpoint.path,
      ...guards[endpoint.access],
      ...handlersOf(endpoint, causes),
    );
  }
  for (const path of new Set(endpoints.map((endpoint) => endpoint.path))) {
    const methods = endpoints.filter((other) => other.path === path).map(({ method }) => method);
    router.all(path, refused, refuseMethod(methods));
  }
  return router;
}

function handlersOf(endpoint: Endpoint, causes: Pick<CauseScope, "run">): RequestHandler[] {
  switch (endpoint.access) {
    case "public":
      return [answer(() => endpoint.handle())];
    case "signature":
      return [
        requireSignatureForm,
        boundBodies(MAX_SIGNED_BODIES),
        keepRawBody,
        answer((request) =>
          endpoint.handle({
            rawBody: rawBodyOf(request),
            signature: request.get("Stripe-Signature"),
          }),
        ),
      ];
    case "user":
      return [answer((request) => endpoint.handle({ principal: principalOf(request) }))];
    case "member":
    case "admin":
    case "payer":
    case "member_or_service":
      return [
        ...bodyParsers(endpoint),
        answer((request) => {
          const { tenantId, role } = tenantOf(request);
          const body: unknown = request.body;
          const [params, query] = [paramsOf(request), queryOf(request)];
          const principal = principalOf(request);
          return causes.run({ type: "request", userId: principal.userId }, () =>
            endpoint.handle({ principal, tenantId, role, params, query, body }),
          );
        }),
      ];
    case "service":
      return [
        requireScope(endpoint.scope),
        ...bodyParsers(endpoint),
        answer((request) =>
          endpoint.handle({
            principal: principalOf(request),
            tenantId: tenantOf(request).tenantId,
            params: paramsOf(request),
            body: request.body,
          }),
        ),
      ];
    case "operator":
      return [
        ...bodyParsers(endpoint),
        answer((request) => {
          const principal = principalOf(request);
          return causes.run({ type: "operator", name: principal.userId }, () =>
            endpoint.handle({
              principal,
              params: paramsOf(request),
              query: queryOf(request),
              body: request.body,
            }),
          );
        }),
      ];
    default:
      return endpoint satisfies never;
  }
}

function bodyParsers({ method }: Endpoint): readonly RequestHandler[] {
  return method === "get" ? [] : parseJsonBody;
}

function paramsOf({ params }: Request): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, [value].flat().join("/")]),
  );
}

/** Read from the URL itself: how an application parses queries is up to it. */
function queryOf({ originalUrl }: Request): URLSearchParams {
  const start = originalUrl.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : originalUrl.slice(start + 1));
}

function answer(handle: (request: Request) => Answer): RequestHandler {
  return async (request, response) => {
    const reply = await handle(request);
    if (reply instanceof HttpError) {
      throw reply;
    }
    writeReply(response, reply);
  };
}

function refuseMethod(methods: readonly Endpoint["method"][]): RequestHandler {
  const allowed = methods.flatMap((method) =>
    method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()],
  );
  return (request, _response, next) => {
    if (request.method === "OPTIONS") {
      next();
      return;
    }
    throw new HttpError(405, {
      code: "method_not_allowed",
      message: `This path only answers ${allowed.join(", ")}`,
      headers: { Allow: allowed.join(", ") },
    });
  };
}
