import type { HeadMove, LedgerHead } from "../../../domain/tokens/ledger_head.ts";

/**
 * Keeps the heads of the token ledgers apart from the entries (P30), and the mark among them.
 * Returns as much of a tampered head as can be read; its seal reveals the tampering. Every method
 * throws `PortError`.
 */
export interface LedgerHeadStore {
  /** Returns a tenant's head, or the mark. One indexed lookup. */
  read(tenantId: string): Promise<LedgerHead | undefined>;

  /**
   * Moves a head if it is exactly `from`, or if there is none and `from` is `null`. Returns whether
   * it did. Atomic.
   */
  move(move: HeadMove): Promise<boolean>;

  /** Stores a head regardless of the previous one. For operators, who vouch for it. */
  put(head: LedgerHead): Promise<void>;

  /** Lists heads by ascending tenant, those after `after`, at most `limit`; never the mark. */
  list(page: { after?: string; limit: number }): Promise<readonly LedgerHead[]>;
}
