import type { AttentionItem, AttentionRecord } from "./attention_item.ts";
import type { AttentionKind } from "./attention_kinds.ts";

/** The faults that one look at the payment provider found. */
export interface AttentionFindings {
  readonly found: readonly AttentionItem[];
  /**
   * The kinds that this look checks. Items of other kinds stay as they are: what was not checked
   * may still be there.
   */
  readonly looked: readonly AttentionKind[];
  /** Whether this look could see what an item is about. Default: it sees everything. */
  readonly sees?: (item: Pick<AttentionItem, "kind" | "subject">) => boolean;
}

/** How a look changes the list. */
export interface AttentionChanges {
  /** Faults found, including those already on the list: the look confirms them. */
  readonly raise: readonly AttentionItem[];
  /** Ids of items whose cause is gone. */
  readonly clear: readonly string[];
}

/**
 * Compares what a look found with what is on the list.
 *
 * @param known the tenant's open and resolved items
 */
export function attentionChanges(
  known: readonly Pick<AttentionRecord, "id" | "kind" | "subject">[],
  { found, looked, sees = () => true }: AttentionFindings,
): AttentionChanges {
  const now = new Map(found.map((item) => [item.id, item]));
  const kinds = new Set<string>(looked);
  const isGone = (item: Pick<AttentionRecord, "id" | "kind" | "subject">) =>
    kinds.has(item.kind) && !now.has(item.id) && sees(item);
  return {
    raise: [...now.values()],
    clear: known.filter(isGone).map(({ id }) => id),
  };
}
