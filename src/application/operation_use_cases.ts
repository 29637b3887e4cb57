import type { ListAuditEntries } from "./list_audit_entries.ts";
import type { Reconcile } from "./reconcile.ts";

/** What operators and tenants' admins watch billing with. */
export interface OperationUseCases {
  readonly listAuditEntries: ListAuditEntries;
  readonly reconcile: Reconcile;
}
