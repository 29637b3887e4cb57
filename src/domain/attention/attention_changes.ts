import type { AttentionItem, AttentionRecord } from "./attention_item.ts";
import type { AttentionKind } from "./attention_kinds.ts";

/** What one look at the payment provider says that is wrong. */
export interface AttentionFindings {
  readonly found: readonly AttentionItem[];
  /**
   * The kinds that the look would have found if they were there. An item of another kind stays as
   * it is: not to have looked is not to have found nothing.
   */
  readonly looked: readonly AttentionKind[];
}

/** How the list has to change. */
export interface AttentionChanges {
  /** What is the case: those that are known already, too, for this look confirms them. */
  readonly raise: readonly AttentionItem[];
  /** Ids of items whose cause is gone. */
  readonly clear: readonly string[];
}

/**
 * What a look changes.
 *
 * @param known the tenant's items that are open or resolved
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
