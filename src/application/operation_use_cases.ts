import type { ListAuditEntries } from "./list_audit_entries.ts";

/** What operators and tenants' admins watch billing with. */
export interface OperationUseCases {
  readonly listAuditEntries: ListAuditEntries;
}
