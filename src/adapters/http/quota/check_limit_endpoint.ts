import type { Billing } from "../../../application/billing.ts";
import { isCountable, PLAN_LIMITS } from "../../../domain/catalog/plan_limits.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedQuery, type Endpoint } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { limitBody } from "./limit_reply.ts";

/** The query of `GET /limits/{name}`. */
const CHECK_LIMIT_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["count"],
  properties: {
    count: { type: "string", pattern: "^(0|[1-9][0-9]{0,8})$" },
  },
};

const check = compileSchema<{ readonly count: string }>(CHECK_LIMIT_SCHEMA);

/** `GET /limits/{name}`: whether the tenant's plan allows so many of something countable (P45). */
export function checkLimitEndpoint({ checkLimit }: Billing): Endpoint {
  return {
    method: "get",
    path: "/limits/:name",
    access: "member_or_service",
    async handle({ tenantId, params: { name: of = "" }, query }) {
      if (!isCountable(of)) {
        const names = PLAN_LIMITS.map(({ name }) => name).join(", ");
        return new HttpError(404, {
          code: "unknown_limit",
          message: `There is no limit of that name: plans limit ${names}`,
        });
      }
      const count = Number(checkedQuery(check, query).count);
      return { status: 200, body: limitBody(await checkLimit.execute({ tenantId, of, count })) };
    },
  };
}
