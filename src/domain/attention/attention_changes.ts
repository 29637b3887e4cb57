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
  known: readonly Pick<AttentionRecord, "id" | "kind">[],
  { found, looked }: AttentionFindings,
): AttentionChanges {
  const now = new Map(found.map((item) => [item.id, item]));
  const seen = new Set<string>(looked);
  return {
    raise: [...now.values()],
    clear: known.filter(({ id, kind }) => seen.has(kind) && !now.has(id)).map(({ id }) => id),
  };
}
