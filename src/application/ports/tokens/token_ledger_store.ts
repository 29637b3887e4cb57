import type { LedgerEntry } from "../../../domain/tokens/token_ledger.ts";

/** What appending to a ledger needs. Every method throws `PortError`. */
export interface AppendableLedger {
  /** The tenant's entry with the highest `seq`, or `undefined`. One indexed lookup. */
  last(tenantId: string): Promise<LedgerEntry | undefined>;

  /** The tenant's entry with that key, or `undefined`. One indexed lookup. */
  find(tenantId: string, key: string): Promise<LedgerEntry | undefined>;

  /**
   * Adds an entry. One atomic insert, guarded by two unique indexes.
   *
   * - `appended`: it is stored.
   * - `seq_taken`: the tenant already has an entry with this `seq`: read again and decide anew.
   * - `key_taken`: the tenant already has an entry with this `key`: the fact is recorded. Where
   *   both are taken, the answer is `key_taken`.
   */
  append(entry: LedgerEntry): Promise<"appended" | "seq_taken" | "key_taken">;
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
   * All entries of a tenant, oldest first, read part by part as they are asked for; a ledger of
   * any length takes the same memory.
   */
  entries(tenantId: string): AsyncIterable<LedgerEntry>;

  /**
   * Tenants that have a ledger, in ascending order, those after `after`, at
   * most `limit`. Reads through an index, whatever the length of the ledgers.
   */
  tenants(page: { after?: string; limit: number }): Promise<readonly string[]>;
}
