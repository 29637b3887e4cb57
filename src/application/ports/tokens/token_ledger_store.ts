import type { HeadMove } from "../../../domain/tokens/ledger_head.ts";
import type { LedgerEntry } from "../../../domain/tokens/token_ledger.ts";
import type { FoundEntry } from "../../../domain/tokens/token_ledger_check.ts";
import type { OrPromise } from "../or_promise.ts";
import { PortError } from "../port_error.ts";
import type { ReminderChange } from "./token_reservation_store.ts";

/** A ledger entry is unreadable, because somebody has tampered with it (P30). */
export class UnreadableLedgerError extends PortError {
  constructor(tenantId: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Cannot read the ledger of "${tenantId}": ${reason}`, { transient: false, cause });
  }
}

/** The outcome of appending an entry. */
export type AppendAnswer = "appended" | "head_left" | "seq_taken" | "key_taken";

/** What else belongs to the step that stores an entry. */
export interface AppendedTogether {
  /** The entry that has to be the last one still, exactly; otherwise the answer is `seq_taken`. */
  readonly after?: LedgerEntry | undefined;
  readonly reminder?: ReminderChange | undefined;
}

/**
 * The operations needed to append to a ledger. Every method throws `PortError`, and
 * `UnreadableLedgerError` for an unreadable entry.
 */
export interface AppendableLedger {
  /** Returns the tenant's entry with the highest numeric `seq`. One indexed lookup. */
  last(tenantId: string): Promise<LedgerEntry | undefined>;

  /** Finds the tenant's entry with that key. One indexed lookup. */
  find(tenantId: string, key: string): Promise<LedgerEntry | undefined>;

  /**
   * Adds an entry: one atomic insert, guarded by two unique indexes.
   *
   * - `appended`: stored; if `move` is given, the head has moved with it in the same step.
   * - `head_left`: stored, but the head still has to follow: it is not `move.from`, or that is
   *   `null`, or the store cannot move both in one step.
   * - `seq_taken`: the tenant already has an entry with this `seq`; read again and decide anew.
   * - `key_taken`: the tenant already has an entry with this `key`, so the fact is recorded. Also
   *   returned if both are taken.
   *
   * @param move the head's move; without it, the head stays. A ledger has a head before its first
   *   entry is stored: `move.from` if there was none.
   * @param together only for stores that append together
   */
  append(entry: LedgerEntry, move?: HeadMove, together?: AppendedTogether): OrPromise<AppendAnswer>;

  /** Whether `append` does more in its one step; left out by stores that cannot. */
  appendsTogether?(): true;
}

/** Keeps the token ledgers, append-only. Every method throws `PortError`. */
export interface TokenLedgerStore extends AppendableLedger {
  /** Lists entries with `seq < before`, newest first, at most `limit`. */
  list(tenantId: string, page: { before?: number; limit: number }): Promise<readonly LedgerEntry[]>;

  /** Like `list`, but only entries of `SUPPLY_KINDS`, which have an index of their own. */
  listSupplies(
    tenantId: string,
    page: { before?: number; limit: number },
  ): Promise<readonly LedgerEntry[]>;

  /**
   * Streams all entries of a tenant, oldest first, then those without a number. Memory use does not
   * grow with the ledger. An unreadable entry hides no other.
   */
  entries(tenantId: string): AsyncIterable<FoundEntry>;

  /**
   * Lists tenants that have a ledger, in ascending order, those after `after`, at most `limit`.
   * Reads an index, whatever the length of the ledgers.
   */
  tenants(page: { after?: string; limit: number }): Promise<readonly string[]>;
}
