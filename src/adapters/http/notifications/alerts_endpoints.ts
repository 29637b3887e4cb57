import type { Billing } from "../../../application/billing.ts";
import type { AlertSettings } from "../../../domain/notifications/alert_settings.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint } from "../endpoint.ts";

/** The body of `PUT /alerts`. */
const ALERTS_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["emailPercentages", "tokensBelow"],
  properties: {
    emailPercentages: {
      type: "array",
      maxItems: 10,
      items: { type: "integer", minimum: 1, maximum: 100 },
    },
    tokensBelow: { type: ["integer", "null"], minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  },
};

const check = compileSchema<AlertSettings>(ALERTS_SCHEMA);

/** `GET /alerts`: the thresholds at which the tenant wants to be alerted. */
export function readAlertsEndpoint({ readAlerts }: Billing): Endpoint {
  return {
    method: "get",
    path: "/alerts",
    access: "payer",
    handle: async ({ tenantId }) => ({ status: 200, body: await readAlerts.execute({ tenantId }) }),
  };
}

/** `PUT /alerts`: sets these thresholds. */
export function changeAlertsEndpoint({ changeAlerts }: Billing): Endpoint {
  return {
    method: "put",
    path: "/alerts",
    access: "payer",
    async handle({ tenantId, body }) {
      const alerts = checkedBody(check, body);
      return { status: 200, body: await changeAlerts.execute({ tenantId, ...alerts }) };
    },
  };
}
