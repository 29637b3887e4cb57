import type { Billing } from "../../../application/billing.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedQuery, type Endpoint } from "../endpoint.ts";
import { balanceBody, entryBody } from "./token_reply.ts";

const DEFAULT_LIMIT = 50;

interface ReadTokensParams {
  readonly limit?: string;
  readonly cursor?: string;
}

/** What `GET /tokens` takes in its query. */
const READ_TOKENS_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    limit: { type: "string", pattern: "^([1-9][0-9]?|100)$" },
    cursor: { type: "string", pattern: "^[1-9][0-9]{0,15}$" },
  },
};

const check = compileSchema<ReadTokensParams>(READ_TOKENS_SCHEMA);

/** `GET /tokens`: the tenant's AI tokens, and the ledger they follow from, newest entry first. */
export function readTokensEndpoint({ readTokens }: Billing): Endpoint {
  return {
    method: "get",
    path: "/tokens",
    access: "member",
    async handle({ tenantId, query }) {
      const { limit, cursor } = checkedQuery(check, query);
      const { balance, entries, nextBefore } = await readTokens.execute({
        tenantId,
        before: cursor === undefined ? undefined : Number(cursor),
        limit: Number(limit ?? DEFAULT_LIMIT),
      });
      const body = {
        balance: {
          ...balanceBody(balance),
          monthlyExpiresAt: balance.monthlyExpiresAt.toISOString(),
        },
        data: entries.map(entryBody),
        meta: { nextCursor: nextBefore === null ? null : String(nextBefore) },
      };
      return { status: 200, body };
    },
  };
}
