import type { AttentionRecord } from "../../../domain/attention/attention_item.ts";

/** An item as the API shows it while it is open. */
export function attentionBody(item: AttentionRecord) {
  return {
    id: item.id,
    kind: item.kind,
    tenantId: item.tenantId,
    subject: item.subject,
    since: item.since.toISOString(),
    message: item.message,
    action: item.action,
  };
}

/** An item that may be open no longer. */
export function endedAttentionBody(item: AttentionRecord) {
  return {
    ...attentionBody(item),
    state: item.state,
    resolvedAt: item.resolvedAt?.toISOString() ?? null,
    resolvedBy: item.resolvedBy,
  };
}
