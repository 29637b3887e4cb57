import type { AttentionItem, AttentionRecord } from "../../src/domain/attention/attention_item.ts";
import { attentionItem } from "../../src/domain/attention/attention_kinds.ts";
import { TENANT } from "./account.ts";
import { afterNow } from "./dates.ts";

/** An open item: a subscription of the tenant without a plan, since a while before `NOW`. */
export function sampleAttentionItem(
  changes: { subject?: string; tenantId?: string | null; since?: Date; status?: string } = {},
): AttentionItem {
  const facts = { subject: "sub_1", tenantId: TENANT, since: afterNow(-9_000), status: "active" };
  return attentionItem("no_plan_item", { ...facts, ...changes });
}

/** How an item is kept that is open. */
export function openAttentionItem(item: AttentionItem, revision: number): AttentionRecord {
  return { ...item, state: "open", resolvedAt: null, resolvedBy: null, revision };
}
