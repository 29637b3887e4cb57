import type { Billing } from "../../../application/billing.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedQuery, type Endpoint } from "../endpoint.ts";
import { cursorOf, cursorText } from "../time_cursor.ts";
import { attentionBody, endedAttentionBody } from "./attention_body.ts";

const DEFAULT_LIMIT = 50;

interface ListAttentionParams {
  readonly tenantId?: string;
  readonly all?: "true" | "false";
  readonly limit?: string;
  readonly cursor?: string;
}

/** What `GET /attention` takes in its query. */
const LIST_ATTENTION_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    tenantId: { type: "string", pattern: "^[a-z][a-z0-9_]{3,63}$" },
    all: { enum: ["true", "false"] },
    limit: { type: "string", pattern: "^([1-9][0-9]?|100)$" },
    cursor: { type: "string", minLength: 1, maxLength: 1_024 },
  },
};

const check = compileSchema<ListAttentionParams>(LIST_ATTENTION_SCHEMA);

/**
 * `GET /attention`: what somebody has to look at, what began last first, page by page (P41). With
 * `all=true` also what was resolved or is gone, and then what became of each.
 */
export function listAttentionEndpoint({ listAttention }: Billing): Endpoint {
  return {
    method: "get",
    path: "/attention",
    access: "operator",
    async handle({ query }) {
      const { tenantId, limit, cursor, ...params } = checkedQuery(check, query);
      const all = params.all === "true";
      const place = cursorOf(cursor);
      const { items, next } = await listAttention.execute({
        tenantId,
        all,
        after: place && { since: place.at, id: place.id },
        limit: Number(limit ?? DEFAULT_LIMIT),
      });
      const data = items.map(all ? endedAttentionBody : attentionBody);
      const nextCursor = next && cursorText({ at: next.since, id: next.id });
      return { status: 200, body: { data, meta: { nextCursor } } };
    },
  };
}
