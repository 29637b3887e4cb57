import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { TENANT_ID_PATTERN } from "../../../domain/subscription/billing_account.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { input } from "../input.ts";
import { closed, oneOf, PAGE_LENGTH, pageOf } from "../schema.ts";
import { cursorOf, cursorText } from "../time_cursor.ts";
import { ATTENTION, attentionBody, endedAttentionBody } from "./attention_body.ts";

const DEFAULT_LIMIT = 50;

/** What `GET /attention` takes in its query. */
const QUERY = closed({
  tenantId: Type.Optional(Type.String({ pattern: TENANT_ID_PATTERN })),
  all: Type.Optional(oneOf(["true", "false"])),
  limit: Type.Optional(PAGE_LENGTH),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024 })),
});

/**
 * `GET /attention`: what somebody has to look at, what began last first, page by page (P41). With
 * `all=true` also what was resolved or is gone, and then what became of each.
 */
export function listAttentionEndpoint({ listAttention }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/attention",
    access: "operator",
    summary: "What somebody has to look at, what began last first",
    query: input(QUERY),
    answer: pageOf(ATTENTION),
    links: {
      "post /attention/{id}/resolve": { id: "$response.body#/data/0/id" },
      "get /attention": { cursor: "$response.body#/meta/nextCursor" },
    },
    async handle({ query: { tenantId, limit = DEFAULT_LIMIT, cursor, ...params } }) {
      const all = params.all === "true";
      const place = cursorOf(cursor);
      const { items, next } = await listAttention.execute({
        tenantId,
        all,
        after: place && { since: place.at, id: place.id },
        limit,
      });
      const data = items.map(all ? endedAttentionBody : attentionBody);
      const nextCursor = next && cursorText({ at: next.since, id: next.id });
      return { status: 200, body: { data, meta: { nextCursor } } };
    },
  });
}
