import type { ConsumeEmailQuotaOutcome } from "../../../application/quota/consume_email_quota_outcome.ts";
import type { EmailQuotaView } from "../../../application/quota/email_quota_view.ts";
import { HttpError } from "../http_error.ts";
import type { Shown } from "../schema.ts";
import type { QUOTA } from "./quota_schemas.ts";

const MIN_RETRY_SECONDS = 1;
const ADVICE = "Upgrade your plan to continue sending.";

/** The headers that `quotaHeaders` makes. */
export const QUOTA_HEADERS = [
  "X-Quota-Limit",
  "X-Quota-Used",
  "X-Quota-Percentage",
  "X-Quota-Warning",
] as const;

/** A tenant's use of its quota as the API shows it. */
export function quotaBody(quota: EmailQuotaView): Shown<typeof QUOTA> {
  const { limit, used, percentage, warning, ceiling, resetsAt } = quota;
  return { limit, used, percentage, warning, ceiling, resetsAt: resetsAt?.toISOString() ?? null };
}

/**
 * The `X-Quota-*` headers: the limit (`unlimited` where there is none), what is used and, where
 * there is a limit, the percentage; from 80 % on also the warning (P32).
 */
export function quotaHeaders(quota: EmailQuotaView): Readonly<Record<string, string>> {
  const { limit, used, percentage, warning } = quota;
  return {
    "X-Quota-Limit": limit === null ? "unlimited" : String(limit),
    "X-Quota-Used": String(used),
    ...(percentage !== null && { "X-Quota-Percentage": String(percentage) }),
    ...(warning && { "X-Quota-Warning": "true" }),
  };
}

/** The refusal of a send that does not fit (P32). */
export function quotaExceeded(
  outcome: Extract<ConsumeEmailQuotaOutcome, { type: "exceeded" }>,
): HttpError {
  const { quota, upgrade, retryAfterSeconds } = outcome;
  const { limit, used, percentage } = quota;
  return new HttpError(429, {
    code: "email_quota_exceeded",
    message: `Monthly email quota exceeded (${percentage}%). ${ADVICE}`,
    fields: {
      quota: { limit, used, percentage },
      upgrade: upgrade === null ? null : { planSlug: upgrade },
    },
    headers: {
      ...quotaHeaders(quota),
      "Retry-After": String(Math.max(retryAfterSeconds, MIN_RETRY_SECONDS)),
    },
  });
}
