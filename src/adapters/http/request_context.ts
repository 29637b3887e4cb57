import type { IncomingMessage } from "node:http";
import type { Principal, TenantRole } from "../../application/ports/tenant_access.ts";

/** Who makes a request, or why that is not known. */
export type Identity =
  | { readonly type: "known"; readonly principal: Principal }
  | { readonly type: "refused"; readonly error: unknown };

/**
 * What a request costs: `reads` and `writes` need the store, `stripe` needs Stripe, whose
 * rate is limited for all tenants together.
 */
export type Cost = "reads" | "writes" | "stripe";

/** What is known about a request beside what it says itself. */
export interface RequestContext {
  requestId: string | undefined;
  identity: Identity | undefined;
  /** The key that the request was counted for last, if it was. */
  counted: string | undefined;
  /** The route that answers it, as it is declared. */
  route: string | undefined;
  /** What the route costs. */
  cost: Cost | undefined;
  tenant: { readonly tenantId: string; readonly role: TenantRole } | undefined;
}

const CONTEXT = Symbol("the context of a request");

/** The context of a request, kept where a host application cannot set it by accident. */
export function requestContext(request: IncomingMessage & { [CONTEXT]?: RequestContext }) {
  request[CONTEXT] ??= {
    requestId: undefined,
    identity: undefined,
    counted: undefined,
    route: undefined,
    cost: undefined,
    tenant: undefined,
  };
  return request[CONTEXT];
}
