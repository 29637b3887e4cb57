import type { AttentionItem, AttentionRecord } from "../../../domain/attention/attention_item.ts";

/** A position in the list of items, which is sorted by `since`, newest first. */
export interface AttentionCursor {
  readonly since: Date;
  readonly id: string;
}

/** Which items to list. */
export interface AttentionListing {
  /** Only those of this tenant. */
  readonly tenantId?: string | undefined;
  /** Includes items that are no longer open. */
  readonly all?: boolean | undefined;
  /** Only items after this position. */
  readonly after?: AttentionCursor | undefined;
  readonly limit: number;
}

/**
 * Keeps the cases that need an operator (P41): one record per id, never removed. Every method is
 * atomic and safe to repeat, and throws `PortError`.
 *
 * A look at the payment provider made at a lower revision of the tenant's account is older. An
 * older look never undoes what a newer one has changed.
 */
export interface AttentionStore {
  /** Finds an item by its id. */
  find(id: string): Promise<AttentionRecord | undefined>;

  /** Lists the open and resolved items of a tenant (`null`: of no tenant), in any order. */
  known(tenantId: string | null): Promise<readonly AttentionRecord[]>;

  /** Lists the open and resolved items of some kinds, of all tenants and of none, in any order. */
  knownOf(kinds: readonly string[]): Promise<readonly AttentionRecord[]>;

  /** Lists the items of a tenant with untold turns, in whatever state and in any order. */
  untold(tenantId: string | null): Promise<readonly AttentionRecord[]>;

  /** Forgets the untold turns of an item, unless it has turned again since it was read. */
  told(item: Pick<AttentionRecord, "id" | "turns">): Promise<void>;

  /**
   * Opens an item that does not exist or is `gone`; of several calls at once, one returns `raised`.
   * Otherwise returns `known`: an open or resolved item keeps its state and `since` but takes over
   * the new wording; an item that a newer look has changed stays as it is.
   *
   * What opens or ends an item adds a turn to it in the same step.
   */
  raise(
    item: AttentionItem,
    look: { readonly revision: number; readonly at: Date },
  ): Promise<"raised" | "known">;

  /** Marks an open or resolved item as `gone`, and keeps who resolved it and when. */
  clear(id: string, look: { readonly revision: number; readonly at: Date }): Promise<void>;

  /** Resolves an open item; of several calls at once, one returns true. */
  resolve(id: string, by: { readonly operator: string; readonly at: Date }): Promise<boolean>;

  /**
   * Lists items by `since`, newest first, then by id, greatest first. Reading page by page returns
   * every item that exists throughout exactly once.
   */
  list(listing: AttentionListing): Promise<readonly AttentionRecord[]>;

  /** Counts the open items. */
  countOpen(): Promise<number>;
}
