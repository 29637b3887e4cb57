import type { AuditEntry } from "../../../domain/subscription/account_change.ts";

/**
 * Keeps the audit trail: one entry per change of an account, never changed and never removed (P38).
 * Every method throws `PortError`.
 *
 * No transaction spans the trail and the accounts. Instead, an account carries its last change,
 * saved in the same step; the trail's entry is a copy of it under the account's revision. The save
 * comes first: an entry written before it might report a change that a lost race or a crash
 * prevented. After a crash in between, the copy is missing until somebody saves the next change or
 * reads the trail; both write it first. The revision is the entry's key, so any number of them may
 * write it: no change is lost and none appears twice.
 */
export interface AuditStore {
  /**
   * Adds an entry unless the tenant already has one of that revision; then the first one stays.
   * Atomic.
   */
  append(entry: AuditEntry): Promise<"appended" | "exists">;

  /**
   * Lists a tenant's entries, the latest change first.
   *
   * @param page only entries with `revision < before`, at most `limit`
   */
  list(
    tenantId: string,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly AuditEntry[]>;
}
