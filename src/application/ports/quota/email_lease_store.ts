import type { EmailUsage } from "../../../domain/quota/email_quota.ts";

/** A block of e-mails that one process may hand out without asking the store. */
export interface EmailLease {
  /** Unique; chosen by the holder. */
  readonly id: string;
  /** Number of e-mails counted for it. */
  readonly size: number;
  /**
   * How many of them the holder may already have handed out. Raised before handing them out: even
   * if the holder dies, it has sent no more than this.
   */
  readonly promised: number;
  /** When others may take back the rest. */
  readonly until: Date;
}

/**
 * Keeps the blocks of e-mails that processes hold. Taking a block counts all of it as used; what a
 * dead holder was not promised can be taken back. No clocks need to agree: once the rest is taken
 * back, the promise can no longer be raised. Every method throws `PortError`.
 */
export interface EmailLeaseStore {
  /**
   * Counts a block as `EmailUsageStore.consume` does. Returns the record afterwards; `undefined` if
   * nothing was counted.
   */
  reserve(
    tenantId: string,
    lease: EmailLease & { readonly now: Date },
  ): Promise<EmailUsage | undefined>;

  /**
   * Raises the promise and postpones the end. Returns false and changes nothing if the lease is
   * over.
   */
  extend(tenantId: string, lease: Pick<EmailLease, "id" | "promised" | "until">): Promise<boolean>;

  /** Ends a lease and gives `unused` e-mails back, once; does nothing if the lease is over. */
  end(tenantId: string, lease: { id: string; unused: number; now: Date }): Promise<void>;

  /**
   * Takes back what was not promised of the tenant's expired leases, and completes what a dead
   * process had begun to give back. Returns how many leases it ended.
   */
  reclaim(tenantId: string, now: Date): Promise<number>;
}
