import type { Billing } from "../../../application/billing.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { input } from "../input.ts";
import { KEY_PARAMS } from "../key.ts";
import { closed } from "../schema.ts";
import { SETTLED_CODES, settleReply } from "./settle_reply.ts";
import { SETTLED, TOKEN_AMOUNT_SCHEMA } from "./token_schemas.ts";

/** `POST /tokens/reservations/{key}/commit`: what the use has cost; the rest comes back. */
export function commitReservationEndpoint({ commitReservation }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/tokens/reservations/:key/commit",
    access: "service",
    scope: "billing:tokens",
    summary: "Takes what a use has cost; the rest of the reservation comes back",
    params: KEY_PARAMS,
    body: input(closed({ amount: TOKEN_AMOUNT_SCHEMA })),
    answer: SETTLED,
    refusals: {
      404: ["unknown_reservation"],
      409: SETTLED_CODES,
      422: ["exceeds_reservation"],
    },
    async handle({ params: { key }, body: { amount: tokens }, tenantId }) {
      return settleReply(await commitReservation.execute({ tenantId, key, tokens }), key);
    },
  });
}
