import { Type } from "typebox";
import {
  ATTENTION_STATES,
  type AttentionRecord,
} from "../../../domain/attention/attention_item.ts";
import { closed, DATE_TIME, nullable, oneOf, type Shown } from "../schema.ts";

const FIELDS = {
  id: Type.String(),
  kind: Type.String(),
  tenantId: nullable(Type.String()),
  subject: Type.String({ description: "What it is about, such as the id of an invoice at Stripe" }),
  since: DATE_TIME,
  message: Type.String(),
  action: Type.String({ description: "What to do" }),
};
const ENDING = {
  state: oneOf(ATTENTION_STATES),
  resolvedAt: nullable(DATE_TIME),
  resolvedBy: nullable(Type.String()),
};

/** An item with what became of it. */
export const ENDED_ATTENTION = closed({ ...FIELDS, ...ENDING }, { title: "EndedAttentionItem" });

/** An item; what became of it is left out where all are open. */
export const ATTENTION = closed(
  {
    ...FIELDS,
    state: Type.Optional(ENDING.state),
    resolvedAt: Type.Optional(ENDING.resolvedAt),
    resolvedBy: Type.Optional(ENDING.resolvedBy),
  },
  { title: "AttentionItem" },
);

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
export function endedAttentionBody(item: AttentionRecord): Shown<typeof ENDED_ATTENTION> {
  return {
    ...attentionBody(item),
    state: item.state,
    resolvedAt: item.resolvedAt?.toISOString() ?? null,
    resolvedBy: item.resolvedBy,
  };
}
