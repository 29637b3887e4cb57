import type { EmailUsage } from "../../../domain/quota/email_quota.ts";

/** A block of e-mails that one process may hand out without asking. */
export interface EmailLease {
  /** Unique, chosen by the holder. */
  readonly id: string;
  /** How many e-mails were counted for it. */
  readonly size: number;
  /**
   * How many of them the holder may have handed out by now. Raised before they are handed out, so
   * that whatever becomes of the holder, no more than these were sent.
   */
  readonly promised: number;
  /** When others may take back the rest. */
  readonly until: Date;
}

/**
 * Blocks of e-mails that processes hold. A block is counted as used when it is taken; of what the
 * holder has not been promised, the rest can be taken back from a holder that died. Safe without
 * comparing clocks: after the rest was taken back no promise can be raised any more.
 * Every method throws `PortError`.
 */
export interface EmailLeaseStore {
  /**
   * Counts a block like `EmailUsageStore.consume`. Answers the record afterwards, or `undefined`
   * when nothing was counted.
   */
  reserve(
    tenantId: string,
    lease: EmailLease & { readonly now: Date },
  ): Promise<EmailUsage | undefined>;

  /** Raises the promise and moves the end; false, and nothing changes, when the lease is over. */
  extend(tenantId: string, lease: Pick<EmailLease, "id" | "promised" | "until">): Promise<boolean>;

  /** Ends a lease and gives `unused` of it back, once; nothing happens when it is over. */
  end(tenantId: string, lease: { id: string; unused: number; now: Date }): Promise<void>;

  /**
   * Takes back what was not promised of the tenant's leases whose time is over, and finishes what
   * a process that died has begun to give back. Answers how many leases were ended.
   */
  reclaim(tenantId: string, now: Date): Promise<number>;
}
