import type { Billing } from "../../../application/billing.ts";
import { MAX_LIFETIME_SECONDS } from "../../../application/tokens/reserve_tokens.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint } from "../endpoint.ts";
import { KEY_SCHEMA } from "../key.ts";
import { alreadySettled } from "./settle_reply.ts";
import {
  balanceBody,
  spendingRefused,
  TOKEN_AMOUNT_SCHEMA,
  TOKEN_REASON_SCHEMA,
} from "./token_reply.ts";

interface ReserveTokensBody {
  readonly key: string;
  readonly amount: number;
  readonly expiresInSeconds?: number;
  readonly reason?: string;
}

/** The body of `POST /tokens/reservations`. */
const RESERVE_TOKENS_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["key", "amount"],
  properties: {
    key: KEY_SCHEMA,
    amount: TOKEN_AMOUNT_SCHEMA,
    expiresInSeconds: { type: "integer", minimum: 1, maximum: MAX_LIFETIME_SECONDS },
    reason: TOKEN_REASON_SCHEMA,
  },
};

const check = compileSchema<ReserveTokensBody>(RESERVE_TOKENS_SCHEMA);

/** `POST /tokens/reservations`: sets AI tokens aside before a use of unknown cost. */
export function reserveTokensEndpoint({ reserveTokens }: Billing): Endpoint {
  return {
    method: "post",
    path: "/tokens/reservations",
    access: "service",
    scope: "billing:tokens",
    async handle({ body, tenantId }) {
      const { amount, ...wish } = checkedBody(check, body);
      const outcome = await reserveTokens.execute({ ...wish, tenantId, tokens: amount });
      if (outcome.type === "already_settled") {
        return alreadySettled(outcome.entry);
      }
      if (outcome.type !== "recorded") {
        return spendingRefused(outcome);
      }
      const { entry } = outcome;
      const expiresAt = entry.hold?.expiresAt.toISOString() ?? null;
      const reply = { key: wish.key, amount, expiresAt, balance: balanceBody(entry) };
      return { status: 200, body: reply };
    },
  };
}
