import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { input } from "../input.ts";
import { KEY_SCHEMA } from "../key.ts";
import { COUNT, closed } from "../schema.ts";
import { balanceBody, SPENDING_REFUSALS, spendingRefused } from "./token_reply.ts";
import { BALANCE, TOKEN_AMOUNT_SCHEMA, TOKEN_REASON_SCHEMA } from "./token_schemas.ts";

/** The body of `POST /tokens/debits`. */
const BODY = closed({
  key: KEY_SCHEMA,
  amount: TOKEN_AMOUNT_SCHEMA,
  reason: Type.Optional(TOKEN_REASON_SCHEMA),
});

/** `POST /tokens/debits`: spends AI tokens at once. */
export function debitTokensEndpoint({ spendTokens }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/tokens/debits",
    access: "service",
    scope: "billing:tokens",
    summary: "Spends AI tokens",
    body: input(BODY),
    answer: closed({ key: Type.String(), amount: COUNT, balance: BALANCE }),
    refusals: SPENDING_REFUSALS,
    async handle({ body: { key, amount, reason }, tenantId }) {
      const outcome = await spendTokens.execute({ tenantId, key, tokens: amount, reason });
      return outcome.type === "recorded"
        ? { status: 200, body: { key, amount, balance: balanceBody(outcome.entry) } }
        : spendingRefused(outcome);
    },
  });
}
