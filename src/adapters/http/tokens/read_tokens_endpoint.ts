import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { input } from "../input.ts";
import { closed, DATE_TIME, PAGE_LENGTH, pageOf } from "../schema.ts";
import { balanceBody, entryBody } from "./token_reply.ts";
import { BALANCE_FIELDS, LEDGER_ENTRY } from "./token_schemas.ts";

const DEFAULT_LIMIT = 50;

/** What `GET /tokens` takes in its query. */
const QUERY = closed({
  limit: Type.Optional(PAGE_LENGTH),
  cursor: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,15}$" })),
});

/** A balance, and when what is left of the month expires. */
export const CURRENT_BALANCE = closed(
  { ...BALANCE_FIELDS, monthlyExpiresAt: DATE_TIME },
  { title: "CurrentTokenBalance" },
);

/** `GET /tokens`: the tenant's AI tokens, and the ledger they follow from, newest entry first. */
export function readTokensEndpoint({ readTokens }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/tokens",
    access: "member",
    summary: "The tenant's AI tokens, and the ledger they follow from, newest entry first",
    query: input(QUERY),
    answer: closed({ balance: CURRENT_BALANCE, ...pageOf(LEDGER_ENTRY).properties }),
    links: { "get /tokens": { cursor: "$response.body#/meta/nextCursor" } },
    async handle({ tenantId, query: { limit = DEFAULT_LIMIT, cursor } }) {
      const { balance, entries, nextBefore } = await readTokens.execute({
        tenantId,
        before: cursor === undefined ? undefined : Number(cursor),
        limit,
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
  });
}
