import type { Endpoint, EndpointOptions } from "../endpoint.ts";
import { endTenantEndpoint } from "./end_tenant_endpoint.ts";
import { readSubscriptionEndpoint } from "./read_subscription_endpoint.ts";

/** The routes of the subscription. */
export function subscriptionEndpoints({ billing }: EndpointOptions): readonly Endpoint[] {
  return [readSubscriptionEndpoint(billing), endTenantEndpoint(billing)];
}
