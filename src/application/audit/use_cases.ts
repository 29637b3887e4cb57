import type { BillingPorts } from "../ports/billing_ports.ts";
import { ListAuditEntries } from "./list_audit_entries.ts";

/** The use cases that show the audit trail. */
export function auditUseCases(ports: BillingPorts) {
  return { listAuditEntries: new ListAuditEntries(ports) };
}
