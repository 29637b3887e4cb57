import { Type } from "typebox";
import { type CountableLimit, PLAN_LIMITS } from "../../../domain/catalog/plan_limits.ts";
import { COUNT, closed, DATE_TIME, LIMIT, nullable, UPGRADE } from "../schema.ts";

/** A tenant's use of its quota; `null` where there is no limit. */
export const QUOTA = closed(
  {
    limit: LIMIT,
    used: COUNT,
    percentage: LIMIT,
    warning: Type.Boolean(),
    ceiling: LIMIT,
    resetsAt: nullable(DATE_TIME),
  },
  { title: "EmailQuota" },
);

/** What a plan allows; `null` is any number. */
export const LIMITS = {
  monthlyEmailLimit: LIMIT,
  tokensIncludedMonth: COUNT,
  ...(Object.fromEntries(PLAN_LIMITS.map(({ field }) => [field, LIMIT])) as Record<
    CountableLimit,
    typeof LIMIT
  >),
};

/** What the tenant's plan says about a number of things. */
export const LIMIT_CHECK = closed(
  { limit: LIMIT, count: COUNT, allowed: Type.Boolean(), over: COUNT, upgrade: UPGRADE },
  { title: "LimitCheck" },
);
