import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { MAX_LIFETIME_SECONDS } from "../../../application/tokens/reserve_tokens.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { input } from "../input.ts";
import { KEY_SCHEMA } from "../key.ts";
import { COUNT, closed, DATE_TIME, nullable } from "../schema.ts";
import { alreadySettled, SETTLED_CODES } from "./settle_reply.ts";
import { balanceBody, SPENDING_REFUSALS, spendingRefused } from "./token_reply.ts";
import { BALANCE, TOKEN_AMOUNT_SCHEMA, TOKEN_REASON_SCHEMA } from "./token_schemas.ts";

/** The body of `POST /tokens/reservations`. */
const BODY = closed({
  key: KEY_SCHEMA,
  amount: TOKEN_AMOUNT_SCHEMA,
  expiresInSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIFETIME_SECONDS })),
  reason: Type.Optional(TOKEN_REASON_SCHEMA),
});

const ANSWER = closed({
  key: Type.String(),
  amount: COUNT,
  expiresAt: nullable(DATE_TIME),
  balance: BALANCE,
});

/** `POST /tokens/reservations`: sets AI tokens aside before a use of unknown cost. */
export function reserveTokensEndpoint({ reserveTokens }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/tokens/reservations",
    access: "service",
    scope: "billing:tokens",
    summary: "Sets AI tokens aside before a use of unknown cost",
    body: input(BODY),
    answer: ANSWER,
    refusals: { ...SPENDING_REFUSALS, 409: [...SPENDING_REFUSALS[409], ...SETTLED_CODES] },
    links: {
      "post /tokens/reservations/{key}/commit": { key: "$request.body#/key" },
      "post /tokens/reservations/{key}/release": { key: "$request.body#/key" },
    },
    async handle({ body: { amount, ...wish }, tenantId }) {
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
  });
}
