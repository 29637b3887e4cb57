import type { HeadMove, LedgerHead } from "../../../domain/tokens/ledger_head.ts";

/**
 * Keeps the heads of the token ledgers, apart from the entries (P30), and the mark among them. A
 * head that somebody made unreadable is answered as far as it can be read: its seal shows it. Every
 * method throws `PortError`.
 */
export interface LedgerHeadStore {
  /** A tenant's head, or the mark. One indexed lookup. */
  read(tenantId: string): Promise<LedgerHead | undefined>;

  /**
   * Moves a head in one atomic step, and answers whether it did: only where it is exactly `from`,
   * or where there is none and `from` is `null`.
   */
  move(move: HeadMove): Promise<boolean>;

  /** Stores a head, whatever it was. For operators, who vouch for it. */
  put(head: LedgerHead): Promise<void>;

  /** Heads by tenant in ascending order, those after `after`, at most `limit`; never the mark. */
  list(page: { after?: string; limit: number }): Promise<readonly LedgerHead[]>;
}
