import type { Billing } from "../../../application/billing.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { KEY_PARAMS } from "../key.ts";
import { SETTLED_CODES, settleReply } from "./settle_reply.ts";
import { SETTLED } from "./token_schemas.ts";

/** `POST /tokens/reservations/{key}/release`: nothing was used; all tokens come back. */
export function releaseReservationEndpoint({ releaseReservation }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/tokens/reservations/:key/release",
    access: "service",
    scope: "billing:tokens",
    summary: "Gives all tokens of a reservation back",
    params: KEY_PARAMS,
    answer: SETTLED,
    refusals: { 404: ["unknown_reservation"], 409: SETTLED_CODES, 422: ["exceeds_reservation"] },
    async handle({ params: { key }, tenantId }) {
      return settleReply(await releaseReservation.execute({ tenantId, key }), key);
    },
  });
}
