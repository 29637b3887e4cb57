import type {
  AttentionItem,
  AttentionRecord,
  AttentionTurn,
} from "../../src/domain/attention/attention_item.ts";
import { attentionItem } from "../../src/domain/attention/attention_kinds.ts";
import { TENANT } from "./account.ts";
import { afterNow, NOW } from "./dates.ts";

/** An open item: a subscription of the tenant without a plan, since a while before `NOW`. */
export function sampleAttentionItem(
  changes: { subject?: string; tenantId?: string | null; since?: Date; status?: string } = {},
): AttentionItem {
  const facts = { subject: "sub_1", tenantId: TENANT, since: afterNow(-9_000), status: "active" };
  return attentionItem("no_plan_item", { ...facts, ...changes });
}

/** How an item is kept that is open. */
export function openAttentionItem(
  item: AttentionItem,
  revision: number,
  untold: readonly AttentionTurn[] = [raisedTurn()],
): AttentionRecord {
  const open = { state: "open", resolvedAt: null, resolvedBy: null } as const;
  return { ...item, ...open, revision, turns: untold.length, untold };
}

/** A turn of an item that was raised. */
export function raisedTurn(at = NOW): AttentionTurn {
  return { type: "raised", at };
}

/** A turn of an item that was resolved, or whose cause went away. */
export function resolvedTurn(at = NOW): AttentionTurn {
  return { type: "resolved", at };
}
