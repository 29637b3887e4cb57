import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { MAX_COUNT } from "../../../application/quota/check_limit.ts";
import { isCountable, PLAN_LIMITS } from "../../../domain/catalog/plan_limits.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { input } from "../input.ts";
import { closed } from "../schema.ts";
import { limitBody } from "./limit_reply.ts";
import { LIMIT_CHECK } from "./quota_schemas.ts";

const NAMES = PLAN_LIMITS.map(({ name }) => name).join(", ");

/** `GET /limits/{name}`: whether the tenant's plan allows so many of something countable (P45). */
export function checkLimitEndpoint({ checkLimit }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/limits/:name",
    access: "member_or_service",
    summary: "Whether the tenant's plan allows so many of something countable",
    params: input(closed({ name: Type.String({ minLength: 1, description: `One of ${NAMES}` }) })),
    query: input(closed({ count: Type.Integer({ minimum: 0, maximum: MAX_COUNT }) })),
    answer: LIMIT_CHECK,
    refusals: { 404: ["unknown_limit"] },
    async handle({ tenantId, params: { name: of }, query: { count } }) {
      if (!isCountable(of)) {
        return new HttpError(404, {
          code: "unknown_limit",
          message: `There is no limit of that name: plans limit ${NAMES}`,
        });
      }
      return { status: 200, body: limitBody(await checkLimit.execute({ tenantId, of, count })) };
    },
  });
}
