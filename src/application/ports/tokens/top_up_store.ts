import type { TopUp } from "../../../domain/tokens/top_up.ts";
import type { TenantPage } from "../subscription/account_store.ts";

/** Keeps the tenants' automatic top-ups, one record each. Every method throws `PortError`. */
export interface TopUpStore {
  /** Finds a tenant's record; `undefined` if its settings were never changed. */
  find(tenantId: string): Promise<TopUp | undefined>;

  /**
   * Stores the record at the next version if the stored version is still its own; 0 if there is
   * none yet. Atomic.
   *
   * @returns false if another save came first
   */
  save(topUp: TopUp): Promise<boolean>;

  /** Lists records whose purchase is to be continued by now, the longest waiting first. */
  due(page: { now: Date; limit: number }): Promise<readonly TopUp[]>;

  /** Lists all records by tenant, in ascending order, without the mark. */
  list(page: TenantPage): Promise<readonly TopUp[]>;
}
