import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { TAX_ID_STATUSES } from "../../../application/ports/subscription/billing_details.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { ADDRESS, closed, nullable, oneOf, PAYMENT_METHOD } from "../schema.ts";

const DETAILS = closed(
  {
    name: nullable(Type.String()),
    email: nullable(Type.String()),
    address: nullable(ADDRESS),
    taxIds: Type.Array(
      closed({
        type: Type.String({ description: "The kind, as Stripe names it: `eu_vat`" }),
        value: Type.String(),
        status: nullable(oneOf(TAX_ID_STATUSES)),
      }),
    ),
    paymentMethod: nullable(PAYMENT_METHOD),
  },
  { title: "BillingDetails" },
);

/** `GET /details`: whom the next invoice will name, and what it will be charged to. */
export function readBillingDetailsEndpoint({ readBillingDetails }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/details",
    asksStripe: true,
    access: "member",
    summary: "Whom the tenant's next invoice will name, and what it will be charged to",
    answer: DETAILS,
    async handle({ tenantId }) {
      const { taxIds, ...details } = await readBillingDetails.execute({ tenantId });
      return { status: 200, body: { ...details, taxIds: [...taxIds] } };
    },
  });
}
