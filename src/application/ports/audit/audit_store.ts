import type { AuditEntry } from "../../../domain/subscription/account_change.ts";

/**
 * Keeps the audit trail: one entry per change of an account, never changed and never removed
 * (P38). Every method throws `PortError`.
 *
 * No transaction joins it with the accounts. Instead the account itself carries its last change,
 * saved in one step with its effect; the entry is a copy of that under the account's revision.
 * So the save comes first, then the entry: an entry written first would tell of a change that a
 * lost race or a crash never made. A crash in between leaves the copy to be made, and whoever
 * saves the next change or reads the trail makes it before anything else. The revision as the
 * key lets any number of them do so: no change is lost, none is there twice.
 */
export interface AuditStore {
  /**
   * Adds an entry, unless the tenant has one of that revision: the first one stays. One atomic
   * step.
   */
  append(entry: AuditEntry): Promise<"appended" | "exists">;

  /**
   * The tenant's entries, the last change first.
   *
   * @param page only entries with `revision < before`, at most `limit`
   */
  list(
    tenantId: string,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly AuditEntry[]>;
}
