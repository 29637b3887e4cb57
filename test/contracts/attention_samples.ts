import type { AttentionItem, AttentionRecord } from "../../src/domain/attention/attention_item.ts";
import { attentionItem } from "../../src/domain/attention/attention_kinds.ts";
import { at } from "./samples.ts";

/** An open item: a subscription of `t_acme` without a plan, since a while before `NOW`. */
export function sampleItem(
  changes: { subject?: string; tenantId?: string | null; since?: Date; status?: string } = {},
): AttentionItem {
  const facts = { subject: "sub_1", tenantId: "t_acme", since: at(-9_000), status: "active" };
  return attentionItem("no_plan_item", { ...facts, ...changes });
}

/** How an item is kept that is open. */
export function openItem(item: AttentionItem, revision: number): AttentionRecord {
  return { ...item, state: "open", resolvedAt: null, resolvedBy: null, revision };
}
