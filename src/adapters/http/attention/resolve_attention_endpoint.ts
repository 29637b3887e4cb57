import type { ResolveAttentionOutcome } from "../../../application/attention/resolve_attention.ts";
import type { Billing } from "../../../application/billing.ts";
import { type Endpoint, endpoint, type ReplyTo } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { optionalInput } from "../input.ts";
import { ID_PARAMS } from "../key.ts";
import { closed } from "../schema.ts";
import { ENDED_ATTENTION, endedAttentionBody } from "./attention_body.ts";

/**
 * `POST /attention/{id}/resolve`: takes an item off the list that was dealt with (P41). Where it is
 * no longer open, nothing changes, and the answer says who resolved it.
 */
export function resolveAttentionEndpoint({ resolveAttention }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/attention/:id/resolve",
    access: "operator",
    summary: "Takes an item off the list that was dealt with",
    params: ID_PARAMS,
    body: optionalInput(closed({})),
    answer: ENDED_ATTENTION,
    refusals: { 404: ["unknown_attention"] },
    async handle({ principal, params: { id } }) {
      return replyOf(await resolveAttention.execute({ id, operator: principal.userId }));
    },
  });
}

function replyOf(outcome: ResolveAttentionOutcome): ReplyTo<typeof ENDED_ATTENTION> {
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
