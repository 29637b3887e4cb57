import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { input } from "../input.ts";
import { closed, nullable } from "../schema.ts";

/** What a tenant wants to be told of. */
const ALERTS = closed(
  {
    emailPercentages: Type.Array(Type.Integer({ minimum: 1, maximum: 100 }), { maxItems: 10 }),
    tokensBelow: nullable(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  },
  { title: "Alerts" },
);

/** The body of `PUT /alerts`. */
const BODY = closed({
  emailPercentages: ALERTS.properties.emailPercentages,
  tokensBelow: Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
  }),
});

/** `GET /alerts`: the thresholds at which the tenant wants to be alerted. */
export function readAlertsEndpoint({ readAlerts }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/alerts",
    access: "payer",
    summary: "What the tenant wants to be told of before it runs out",
    answer: ALERTS,
    handle: async ({ tenantId }) => ({ status: 200, body: await readAlerts.execute({ tenantId }) }),
  });
}

/** `PUT /alerts`: sets these thresholds. */
export function changeAlertsEndpoint({ changeAlerts }: Billing): Endpoint {
  return endpoint({
    method: "put",
    path: "/alerts",
    access: "payer",
    summary: "Sets what the tenant wants to be told of",
    body: input(BODY),
    answer: ALERTS,
    async handle({ tenantId, body }) {
      return { status: 200, body: await changeAlerts.execute({ tenantId, ...body }) };
    },
  });
}
