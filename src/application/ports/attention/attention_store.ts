import type { AttentionItem, AttentionRecord } from "../../../domain/attention/attention_item.ts";

/** A place in the list of items, which begins with the one that began last. */
export interface AttentionCursor {
  readonly since: Date;
  readonly id: string;
}

/** Which items to list. */
export interface AttentionListing {
  /** Only those of this tenant. */
  readonly tenantId?: string | undefined;
  /** Those that are no longer open, too. */
  readonly all?: boolean | undefined;
  /** Only items that come after this one in the list. */
  readonly after?: AttentionCursor | undefined;
  readonly limit: number;
}

/**
 * The cases that somebody has to look at (P41), one record per id, never removed. Every change is
 * one atomic step, and can be repeated. A look at the payment provider is older than another one
 * when it was made at a lower revision of the tenant's account; what an older look says changes
 * nothing that a newer one has changed. Every method throws `PortError`.
 */
export interface AttentionStore {
  /** The item with that id, or `undefined`. */
  find(id: string): Promise<AttentionRecord | undefined>;

  /** The items of a tenant, or of none, that are open or resolved, in any order. */
  known(tenantId: string | null): Promise<readonly AttentionRecord[]>;

  /**
   * Opens an item that is not there, or is `gone`: of many calls at once one answers `raised`. One
   * that is open or resolved stays so, with the `since` that it has, and takes over the words:
   * `known`. So does one that a newer look has changed, as it is.
   */
  raise(item: AttentionItem, look: { readonly revision: number }): Promise<"raised" | "known">;

  /** Makes an item `gone` that is open or resolved; who resolved it, and when, stays known. */
  clear(id: string, look: { readonly revision: number; readonly at: Date }): Promise<void>;

  /** Resolves an item that is open: of many calls at once one answers true. */
  resolve(id: string, by: { readonly operator: string; readonly at: Date }): Promise<boolean>;

  /**
   * Items by `since`, newest first, then by id, greatest first. Reading page by page lists every
   * item that exists throughout exactly once.
   */
  list(listing: AttentionListing): Promise<readonly AttentionRecord[]>;

  /** How many items are open. */
  countOpen(): Promise<number>;
}
