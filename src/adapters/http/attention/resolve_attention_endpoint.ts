import type { ResolveAttentionOutcome } from "../../../application/attention/resolve_attention.ts";
import type { Billing } from "../../../application/billing.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint, type Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { endedAttentionBody } from "./attention_body.ts";

const check = compileSchema<object>({ type: "object", additionalProperties: false });

/**
 * `POST /attention/{id}/resolve`: takes an item off the list that was dealt with (P41). Where it is
 * no longer open, nothing changes, and the answer says who resolved it.
 */
export function resolveAttentionEndpoint({ resolveAttention }: Billing): Endpoint {
  return {
    method: "post",
    path: "/attention/:id/resolve",
    access: "operator",
    async handle({ principal, params: { id = "" }, body }) {
      checkedBody(check, body ?? {});
      return replyOf(await resolveAttention.execute({ id, operator: principal.userId }));
    },
  };
}

function replyOf(outcome: ResolveAttentionOutcome): Reply | HttpError {
  switch (outcome.type) {
    case "resolved":
    case "not_open":
      return { status: 200, body: endedAttentionBody(outcome.item) };
    case "unknown":
      return new HttpError(404, {
        code: "unknown_attention",
        message: "No item with this id is in the attention list: take the id from the list",
      });
    default:
      return outcome satisfies never;
  }
}
