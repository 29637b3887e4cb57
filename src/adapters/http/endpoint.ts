import type { ServerResponse } from "node:http";
import type { TSchema } from "typebox";
import type { Billing } from "../../application/billing.ts";
import type { Principal, TenantRole } from "../../application/ports/tenant_access.ts";
import type { Log } from "../../kit/log.ts";
import type { HttpError } from "./http_error.ts";
import type { Input } from "./input.ts";
import type { Shown } from "./schema.ts";
import type { ServiceScope } from "./service_access.ts";

/** What endpoints are made from; each takes what it needs. */
export interface EndpointOptions {
  readonly billing: Billing;
  /** How long a webhook's answer waits for the event's handling. Milliseconds, default 8,000. */
  readonly webhookDeadlineMs?: number | undefined;
  readonly logger: Log;
}

/** A successful answer. The body is sent as JSON. */
export interface Reply<B = unknown> {
  readonly status: number;
  readonly body: B;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What is answered where a schema describes the body: a reply, or a refusal. */
export type ReplyTo<T extends TSchema> = Reply<Shown<T>> | HttpError;

/** What a handler answers: a reply, or a refusal that the error middleware writes. */
export type Answer = Promise<Reply | HttpError>;

/** The parts of a request that were checked; `unknown` where the endpoint declares none. */
export interface Given<Body = unknown, Query = unknown, Params = unknown> {
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
}

/** A request of somebody we know. */
export interface UserRequest extends Given {
  readonly principal: Principal;
}

/** A request for a tenant, of one of its members. */
export interface TenantRequest extends UserRequest {
  readonly tenantId: string;
  readonly role: TenantRole;
}

/** A request whose body is signed. */
export interface SignedRequest extends Given {
  /** The bytes as they came over the wire (P01). */
  readonly rawBody: Uint8Array;
  readonly signature: string | undefined;
}

/**
 * Who may use an endpoint, and what its handler is given.
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
export interface Requests {
  readonly public: Given;
  readonly signature: SignedRequest;
  readonly user: UserRequest;
  readonly member: TenantRequest;
  readonly admin: TenantRequest;
  readonly payer: TenantRequest;
  readonly service: TenantRequest;
  readonly member_or_service: TenantRequest;
  readonly operator: UserRequest;
}

/** Who may use an endpoint. */
export type Access = keyof Requests;

/** Codes of the refusals of an endpoint's own, by status; those of its kind of access come beside. */
export type Refusals = Readonly<Partial<Record<number, readonly string[]>>>;

/** What an endpoint says of itself. */
interface Description<Body = unknown, Query = unknown, Params = unknown> {
  /** A body that comes with any but `get` is parsed. */
  readonly method: "get" | "post" | "put" | "delete";
  /** Below the router's mount path. */
  readonly path: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** Whether it calls Stripe, for which there is a limit of its own. */
  readonly asksStripe?: boolean;
  /** What services need. */
  readonly scope?: ServiceScope;
  readonly body?: Input<Body>;
  readonly query?: Input<Query>;
  /** The parts of the path that the route names. */
  readonly params?: Input<Params>;
  /** The body of its answer. */
  readonly answer: TSchema;
  /** Statuses that come with such a body. Default: 200. */
  readonly statuses?: readonly number[];
  /** Headers that its answer may have beside those of all. */
  readonly headers?: readonly string[];
  readonly refusals?: Refusals;
  /** Where bodies are signed: whether a signature is worth reading its body. */
  mayBeSigned?(signature: string): boolean;
  /** What can be asked next, such as `get /events/{id}`, and where its parameters stand. */
  readonly links?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A route, who may use it, and its handler. Made by `endpoint`. */
export interface Endpoint<A extends Access = Access> extends Description {
  readonly access: A;
  handle(request: Requests[A]): Answer;
}

/** An endpoint whose handler is given what it declares, and answers what it declares. */
type Definition<A extends Access, Body, Query, Params, T extends TSchema> = Description<
  Body,
  Query,
  Params
> & {
  readonly access: A;
  readonly answer: T;
  handle(request: Omit<Requests[A], keyof Given> & Given<Body, Query, Params>): Promise<ReplyTo<T>>;
} & (A extends "service" ? { readonly scope: ServiceScope } : { readonly scope?: never });

/** An endpoint: types, checks and the API's document all follow from the schemas it names. */
export function endpoint<A extends Access, Body, Query, Params, T extends TSchema>(
  definition: Definition<A, Body, Query, Params, T>,
): Endpoint<A> {
  return definition as Endpoint<A>;
}

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
