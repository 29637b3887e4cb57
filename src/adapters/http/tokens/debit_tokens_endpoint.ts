import type { Billing } from "../../../application/billing.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint } from "../endpoint.ts";
import { KEY_SCHEMA } from "../key.ts";
import {
  balanceBody,
  spendingRefused,
  TOKEN_AMOUNT_SCHEMA,
  TOKEN_REASON_SCHEMA,
} from "./token_reply.ts";

interface DebitTokensBody {
  readonly key: string;
  readonly amount: number;
  readonly reason?: string;
}

/** The body of `POST /tokens/debits`. */
const DEBIT_TOKENS_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["key", "amount"],
  properties: {
    key: KEY_SCHEMA,
    amount: TOKEN_AMOUNT_SCHEMA,
    reason: TOKEN_REASON_SCHEMA,
  },
};

const check = compileSchema<DebitTokensBody>(DEBIT_TOKENS_SCHEMA);

/** `POST /tokens/debits`: spends AI tokens at once. */
export function debitTokensEndpoint({ spendTokens }: Billing): Endpoint {
  return {
    method: "post",
    path: "/tokens/debits",
    access: "service",
    scope: "billing:tokens",
    async handle({ body, tenantId }) {
      const { key, amount, reason } = checkedBody(check, body);
      const outcome = await spendTokens.execute({ tenantId, key, tokens: amount, reason });
      return outcome.type === "recorded"
        ? { status: 200, body: { key, amount, balance: balanceBody(outcome.entry) } }
        : spendingRefused(outcome);
    },
  };
}
