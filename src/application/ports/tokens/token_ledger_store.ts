import type { HeadMove } from "../../../domain/tokens/ledger_head.ts";
import type { LedgerEntry } from "../../../domain/tokens/token_ledger.ts";
import type { FoundEntry } from "../../../domain/tokens/token_ledger_check.ts";
import { PortError } from "../port_error.ts";

/** An entry of a ledger cannot be read: somebody has changed it (P30). */
export class UnreadableLedgerError extends PortError {
  constructor(tenantId: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Cannot read the ledger of "${tenantId}": ${reason}`, { transient: false, cause });
  }
}

/** What became of an entry that was to be appended. */
export type AppendAnswer = "appended" | "head_left" | "seq_taken" | "key_taken";

/**
 * What appending to a ledger needs. Every method throws `PortError`, and `UnreadableLedgerError` for
 * an entry that cannot be read.
 */
export interface AppendableLedger {
  /**
   * The tenant's entry with the highest `seq` that is a number, or `undefined`. One indexed lookup.
   */
  last(tenantId: string): Promise<LedgerEntry | undefined>;

  /** The tenant's entry with that key, or `undefined`. One indexed lookup. */
  find(tenantId: string, key: string): Promise<LedgerEntry | undefined>;

  /**
   * Adds an entry. One atomic insert, guarded by two unique indexes.
   *
   * - `appended`: it is stored; where `move` is given, the head has moved with it, in one step.
   * - `head_left`: it is stored, and the head is to follow: it is not `move.from`, or that is
   *   `null`, or the store cannot move both in one step.
   * - `seq_taken`: the tenant already has an entry with this `seq`: read again and decide anew.
   * - `key_taken`: the tenant already has an entry with this `key`: the fact is recorded. Where
   *   both are taken, the answer is `key_taken`.
   *
   * @param move of the head. Before the first entry of a ledger is stored, there is a head: where
   *   there was none, `move.from`. Without it, the head stays as it is.
   */
  append(entry: LedgerEntry, move?: HeadMove): Promise<AppendAnswer>;
}

/** Keeps the token ledgers, append-only. Every method throws `PortError`. */
export interface TokenLedgerStore extends AppendableLedger {
  /** Entries with `seq < before`, newest first, at most `limit`. */
  list(tenantId: string, page: { before?: number; limit: number }): Promise<readonly LedgerEntry[]>;

  /**
   * Like `list`, but only entries of `SUPPLY_KINDS`; reads no others, through an index of their own.
   */
  listSupplies(
    tenantId: string,
    page: { before?: number; limit: number },
  ): Promise<readonly LedgerEntry[]>;

  /**
   * All entries of a tenant, oldest first, then those without a number, read part by part as they
   * are asked for; a ledger of any length takes the same memory. One that cannot be read hides no
   * other.
   */
  entries(tenantId: string): AsyncIterable<FoundEntry>;

  /**
   * Tenants that have a ledger, in ascending order, those after `after`, at
   * most `limit`. Reads through an index, whatever the length of the ledgers.
   */
  tenants(page: { after?: string; limit: number }): Promise<readonly string[]>;
}
