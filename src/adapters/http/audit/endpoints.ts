import type { Endpoint, EndpointOptions } from "../endpoint.ts";
import { listAuditEndpoint } from "./list_audit_endpoint.ts";

/** The routes of the audit trail. */
export function auditEndpoints({ billing }: EndpointOptions): readonly Endpoint[] {
  return [listAuditEndpoint(billing)];
}
