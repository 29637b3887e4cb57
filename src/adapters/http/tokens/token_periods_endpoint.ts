import type { Billing } from "../../../application/billing.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedQuery, type Endpoint } from "../endpoint.ts";

const DEFAULT_LIMIT = 6;

/** What `GET /tokens/periods` takes in its query. */
const TOKEN_PERIODS_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: { limit: { type: "string", pattern: "^([1-9]|1[0-9]|2[0-4])$" } },
};

const check = compileSchema<{ readonly limit?: string }>(TOKEN_PERIODS_SCHEMA);

/** `GET /tokens/periods`: what was granted, bought and used in the last months, newest first. */
export function tokenPeriodsEndpoint({ readTokenPeriods }: Billing): Endpoint {
  return {
    method: "get",
    path: "/tokens/periods",
    access: "member",
    async handle({ tenantId, query }) {
      const { limit } = checkedQuery(check, query);
      const periods = await readTokenPeriods.execute({
        tenantId,
        limit: Number(limit ?? DEFAULT_LIMIT),
      });
      const data = periods.map(({ start, end, granted, used, usedPacks, bought }) => ({
        start: start.toISOString(),
        end: end.toISOString(),
        granted,
        used,
        usedPacks,
        bought,
      }));
      return { status: 200, body: { data } };
    },
  };
}
