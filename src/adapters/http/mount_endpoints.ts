import express, { type Request, type RequestHandler } from "express";
import type { CauseScope } from "../../application/ports/audit/cause_scope.ts";
import type { ChangeCause } from "../../domain/subscription/account_change.ts";
import { type Access, type Endpoint, type Given, type Requests, writeReply } from "./endpoint.ts";
import { boundBodies, requireSignature } from "./events/webhook_guards.ts";
import { HttpError } from "./http_error.ts";
import { principalOf } from "./identity/authentication.ts";
import { checkedBody, checkedParams, checkedQuery } from "./input.ts";
import { keepRawBody, parseJsonBody, RAW_LIMIT_BYTES, rawBodyOf } from "./request_body.ts";
import { requestContext } from "./request_context.ts";
import { inOrder } from "./server/in_order.ts";
import { requireScope } from "./service_access.ts";
import { tenantOf } from "./tenant_context.ts";

/** Of all bodies that are read at once, which bounds the memory that strangers can take. */
const SIGNED_BODIES = { all: 4 * RAW_LIMIT_BYTES, each: RAW_LIMIT_BYTES };

/** What stands before the handlers of endpoints, by who may use them. */
export type Guards<A extends Access> = Readonly<Record<A, readonly RequestHandler[]>>;

/** Endpoints that answer requests, as `GET /plans`. */
export type MountedEndpoints = RequestHandler & { readonly routes: readonly string[] };

/** What endpoints are mounted with. */
export interface Mounting<A extends Access> {
  readonly guards: Guards<A>;
  /** What stands before the refusal of other methods. */
  readonly refused: RequestHandler;
  readonly causes: Pick<CauseScope, "run">;
}

/**
 * These endpoints: whoever may not use one is refused before the body is read. Other methods of a
 * path answer 405; other paths are left to the application. A path without parameters is looked up,
 * so that requests do not pay for the number of routes.
 */
export function mountEndpoints<A extends Access>(
  endpoints: readonly Endpoint<A>[],
  mounting: Mounting<A>,
): MountedEndpoints {
  const fixed = new Map<string, Methods>();
  const patterns = express.Router({ caseSensitive: true, strict: true });
  const routes: string[] = [];
  for (const [path, here] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    const methods = methodsOf(here, mounting);
    routes.push(...[...methods.byMethod.keys()].map((method) => `${method} ${path}`));
    if (path.includes(":")) {
      patterns.all(path, (request, response, next) => dispatch(methods, request, response, next));
    } else {
      fixed.set(path, methods);
    }
  }
  // A router in which nothing matches takes another turn of the event loop to say so.
  const other: RequestHandler =
    patterns.stack.length > 0 ? patterns : (_request, _response, next) => next();
  const mounted: RequestHandler = (request, response, next) => {
    const methods = fixed.get(request.path);
    if (methods === undefined) {
      other(request, response, next);
    } else {
      dispatch(methods, request, response, next);
    }
  };
  return Object.assign(mounted, { routes });
}

/** The handlers of a path. */
interface Methods {
  readonly byMethod: ReadonlyMap<string, RequestHandler>;
  readonly refuse: RequestHandler;
}

function methodsOf<A extends Access>(
  endpoints: readonly Endpoint<A>[],
  { guards, refused, causes }: Mounting<A>,
): Methods {
  const byMethod = new Map<string, RequestHandler>();
  for (const endpoint of endpoints) {
    const handler = inOrder([
      described(endpoint),
      ...guards[endpoint.access],
      ...(endpoint.scope === undefined ? [] : [requireScope(endpoint.scope)]),
      ...bodyReaders(endpoint),
      answer(endpoint, causes),
    ]);
    for (const method of verbsOf(endpoint)) {
      byMethod.set(method, handler);
    }
  }
  return { byMethod, refuse: inOrder([refused, refuseMethod(endpoints.flatMap(verbsOf))]) };
}

function dispatch({ byMethod, refuse }: Methods, ...call: Parameters<RequestHandler>): void {
  const [{ method }] = call;
  (byMethod.get(method) ?? refuse)(...call);
}

/** The methods that an endpoint answers. */
function verbsOf({ method }: Pick<Endpoint, "method">): readonly string[] {
  return method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
}

/** Names the route for whoever watches, also where the request is refused; and what it costs. */
function described({ path, method, asksStripe = false }: Endpoint): RequestHandler {
  const cost = asksStripe ? "stripe" : method === "get" ? "reads" : "writes";
  return (request, _response, next) => {
    const context = requestContext(request);
    context.route = `${request.baseUrl}${path}`;
    context.cost = cost;
    next();
  };
}

function bodyReaders(endpoint: Endpoint): readonly RequestHandler[] {
  if (endpoint.access === "signature") {
    const mayBeSigned = (signature: string) => endpoint.mayBeSigned?.(signature) ?? true;
    return [requireSignature(mayBeSigned), boundBodies(SIGNED_BODIES), keepRawBody];
  }
  return endpoint.method === "get" ? [] : parseJsonBody;
}

function answer(endpoint: Endpoint, causes: Pick<CauseScope, "run">): RequestHandler {
  return async (request, response) => {
    const asked = requestOf(endpoint, request);
    const cause = causeOf(endpoint.access, request);
    const reply = await (cause === null
      ? endpoint.handle(asked)
      : causes.run(cause, () => endpoint.handle(asked)));
    if (reply instanceof HttpError) {
      throw reply;
    }
    writeReply(response, reply);
  };
}

function requestOf(endpoint: Endpoint, request: Request): Requests[Access] {
  const given = givenIn(endpoint, request);
  const { access } = endpoint;
  switch (access) {
    case "public":
      return given;
    case "signature":
      return {
        ...given,
        rawBody: rawBodyOf(request),
        signature: request.get("Stripe-Signature"),
      };
    case "user":
    case "operator":
      return { ...given, principal: principalOf(request) };
    case "member":
    case "admin":
    case "payer":
    case "member_or_service":
    case "service":
      return { ...given, principal: principalOf(request), ...tenantOf(request) };
    default:
      return access satisfies never;
  }
}

/** Whom the audit trail names; `null` where the service acts by itself. */
function causeOf(access: Access, request: Request): ChangeCause | null {
  switch (access) {
    case "public":
    case "signature":
    case "user":
    case "service":
      return null;
    case "member":
    case "admin":
    case "payer":
    case "member_or_service":
      return { type: "request", userId: principalOf(request).userId };
    case "operator":
      return { type: "operator", name: principalOf(request).userId };
    default:
      return access satisfies never;
  }
}

function givenIn({ params, body, query }: Endpoint, request: Request): Given {
  return {
    params: params && checkedParams(params, paramsOf(request)),
    body: body && checkedBody(body, request.body),
    query: query && checkedQuery(query, queryOf(request)),
  };
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

function refuseMethod(allowed: readonly string[]): RequestHandler {
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
