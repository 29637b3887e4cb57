import type { Billing } from "../../../application/billing.ts";
import type { Endpoint } from "../endpoint.ts";
import { settleReply } from "./settle_reply.ts";

/** `POST /tokens/reservations/{key}/release`: nothing was used; all tokens come back. */
export function releaseReservationEndpoint({ releaseReservation }: Billing): Endpoint {
  return {
    method: "post",
    path: "/tokens/reservations/:key/release",
    access: "service",
    scope: "billing:tokens",
    async handle({ params: { key = "" }, tenantId }) {
      return settleReply(await releaseReservation.execute({ tenantId, key }), key);
    },
  };
}
