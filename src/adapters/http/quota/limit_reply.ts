import type { LimitCheck } from "../../../application/quota/check_limit.ts";
import type { Countable } from "../../../domain/catalog/plan_limits.ts";
import { HttpError } from "../http_error.ts";
import type { Shown } from "../schema.ts";
import type { LIMIT_CHECK } from "./quota_schemas.ts";

/** A check as the API shows it (P45). */
export function limitBody(check: LimitCheck): Shown<typeof LIMIT_CHECK> {
  const { limit, count, allowed, over, upgrade } = check;
  return { limit, count, allowed, over, upgrade: upgrade === null ? null : { planSlug: upgrade } };
}

/** The refusal of what a plan does not allow (P45). */
export function limitReached(of: Countable, check: LimitCheck): HttpError {
  const { limit, count, over, upgrade } = limitBody(check);
  const advice = upgrade === null ? "" : ": upgrade your plan to have more";
  return new HttpError(422, {
    code: "plan_limit_reached",
    message: `Your plan allows ${limit} ${of}, and this would make ${count}${advice}`,
    fields: { limit: { of, limit, count, over }, upgrade },
  });
}
