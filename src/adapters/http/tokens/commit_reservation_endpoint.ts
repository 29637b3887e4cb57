import type { Billing } from "../../../application/billing.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint } from "../endpoint.ts";
import { keyIn } from "../key.ts";
import { settleReply } from "./settle_reply.ts";
import { TOKEN_AMOUNT_SCHEMA } from "./token_reply.ts";

/** The body of `POST /tokens/reservations/{key}/commit`. */
const COMMIT_RESERVATION_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["amount"],
  properties: { amount: TOKEN_AMOUNT_SCHEMA },
};

const check = compileSchema<{ readonly amount: number }>(COMMIT_RESERVATION_SCHEMA);

/** `POST /tokens/reservations/{key}/commit`: what the use has cost; the rest comes back. */
export function commitReservationEndpoint({ commitReservation }: Billing): Endpoint {
  return {
    method: "post",
    path: "/tokens/reservations/:key/commit",
    access: "service",
    scope: "billing:tokens",
    async handle({ params, body, tenantId }) {
      const key = keyIn(params);
      const { amount: tokens } = checkedBody(check, body);
      return settleReply(await commitReservation.execute({ tenantId, key, tokens }), key);
    },
  };
}
