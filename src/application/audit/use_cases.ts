import type { BillingPorts } from "../ports/billing_ports.ts";
import { ListAuditEntries } from "./list_audit_entries.ts";

/** What shows the audit trail. */
export function auditUseCases(ports: BillingPorts) {
  return { listAuditEntries: new ListAuditEntries(ports) };
}
