import type { Billing } from "../../../application/billing.ts";
import type { Endpoint } from "../endpoint.ts";
import { keyIn } from "../key.ts";
import { settleReply } from "./settle_reply.ts";

/** `POST /tokens/reservations/{key}/release`: nothing was used; all tokens come back. */
export function releaseReservationEndpoint({ releaseReservation }: Billing): Endpoint {
  return {
    method: "post",
    path: "/tokens/reservations/:key/release",
    access: "service",
    scope: "billing:tokens",
    async handle({ params, tenantId }) {
      const key = keyIn(params);
      return settleReply(await releaseReservation.execute({ tenantId, key }), key);
    },
  };
}
