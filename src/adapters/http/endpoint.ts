import type { ServerResponse } from "node:http";
import type { Billing } from "../../application/billing.ts";
import type { Principal, TenantRole } from "../../application/ports/tenant_access.ts";
import type { SchemaResult } from "../../kit/json_schema.ts";
import type { Log } from "../../kit/log.ts";
import { HttpError } from "./http_error.ts";
import type { ServiceScope } from "./service_access.ts";

/** What endpoints are made from; each takes what it needs. */
export interface EndpointOptions {
  readonly billing: Billing;
  /** How long a webhook's answer waits for the event's handling. Milliseconds, default 8,000. */
  readonly webhookDeadlineMs?: number | undefined;
  readonly logger: Log;
}

/** A successful answer. The body is sent as JSON. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What a handler answers: a reply, or a refusal that the error middleware writes. */
export type Answer = Promise<Reply | HttpError>;

/** A request of somebody we know. */
export interface UserRequest {
  readonly principal: Principal;
}

/** A request for a tenant, of one of its members. */
export interface TenantRequest extends UserRequest {
  readonly tenantId: string;
  readonly role: TenantRole;
  /** The parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>;
  /** What follows the `?`, not checked. */
  readonly query: URLSearchParams;
  /** Parsed JSON, not checked; `undefined` when none was sent. */
  readonly body: unknown;
}

/** A request of a service for a tenant. */
export interface ServiceRequest extends UserRequest {
  readonly tenantId: string;
  /** The parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>;
  /** Parsed JSON, not checked; `undefined` when none was sent. */
  readonly body: unknown;
}

/** A request of a service that operates billing. */
export interface OperatorRequest extends UserRequest {
  /** The parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>;
  /** What follows the `?`, not checked. */
  readonly query: URLSearchParams;
  /** Parsed JSON, not checked; `undefined` when none was sent. */
  readonly body: unknown;
}

/** A request whose body is signed. */
export interface SignedRequest {
  /** The bytes as they came over the wire (P01). */
  readonly rawBody: Uint8Array;
  readonly signature: string | undefined;
}

interface Route {
  /** A body that comes with any but `get` is parsed. */
  readonly method: "get" | "post" | "put" | "delete";
  /** Below the router's mount path. */
  readonly path: string;
}

/**
 * A route, who may use it, and its handler.
 *
 * - `public`: anyone.
 * - `signature`: whoever signs the body; the handler checks that.
 * - `user`: whoever has a valid token.
 * - `member`: members of the tenant in `X-Tenant-Id` (P35).
 * - `admin`: those of them who run the tenant.
 * - `payer`: those of them who may spend the tenant's money.
 * - `service`: services with a scope that act for the tenant in `X-Tenant-Id`.
 * - `member_or_service`: members of that tenant, and services for all tenants with the scope
 *   `billing:usage`, as `MEMBER`.
 * - `operator`: services with the scope `billing:admin`.
 */
export type Endpoint = Route &
  (
    | { readonly access: "public"; readonly handle: () => Answer }
    | { readonly access: "signature"; readonly handle: (request: SignedRequest) => Answer }
    | { readonly access: "user"; readonly handle: (request: UserRequest) => Answer }
    | {
        readonly access: "member" | "admin" | "payer" | "member_or_service";
        readonly handle: (request: TenantRequest) => Answer;
      }
    | {
        readonly access: "service";
        readonly scope: ServiceScope;
        readonly handle: (request: ServiceRequest) => Answer;
      }
    | { readonly access: "operator"; readonly handle: (request: OperatorRequest) => Answer }
  );

/** Who may use an endpoint. */
export type Access = Endpoint["access"];

/** Sends a reply, whatever settings for JSON, caching or ETags the host application has. */
export function writeReply(response: ServerResponse, reply: Reply): void {
  const body = JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    "Cache-Control": "no-store",
    ...reply.headers,
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

/**
 * The body, if it is as the schema says.
 *
 * @throws {HttpError} 400 with one detail per problem
 */
export function checkedBody<T>(check: (value: unknown) => SchemaResult<T>, body: unknown): T {
  if (body === undefined) {
    throw new HttpError(400, {
      code: "body_missing",
      message: "The body is missing: send a JSON object with Content-Type application/json",
    });
  }
  const result = check(body);
  if (!result.ok) {
    const details = result.problems.map(({ path, message }) => ({ field: path, message }));
    throw new HttpError(400, {
      code: "invalid_body",
      message: `The body is not valid: ${details[0]?.message}`,
      details,
    });
  }
  return result.value;
}

/**
 * The query's parameters as an object of texts, if it is as the schema says.
 *
 * @throws {HttpError} 400 with one detail per problem
 */
export function checkedQuery<T>(
  check: (value: unknown) => SchemaResult<T>,
  query: URLSearchParams,
): T {
  const repeated = [...new Set(query.keys())].filter((name) => query.getAll(name).length > 1);
  const result = check(Object.fromEntries(query));
  const problems = [
    ...repeated.map((name) => ({ path: name, message: `${name} may be given once only` })),
    ...(result.ok ? [] : result.problems),
  ];
  if (!result.ok || problems.length > 0) {
    const details = problems.map(({ path, message }) => ({ field: path, message }));
    throw new HttpError(400, {
      code: "invalid_query",
      message: `The query is not valid: ${details[0]?.message}`,
      details,
    });
  }
  return result.value;
}
