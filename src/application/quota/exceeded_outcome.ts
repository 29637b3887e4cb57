import { nextPlan } from "../../domain/catalog/next_plan.ts";
import { accountEntitlement } from "../../domain/quota/month_look.ts";
import { canBuyPlan } from "../../domain/subscription/billing_account.ts";
import type { ConsumeEmailQuotaOutcome } from "./consume_email_quota_outcome.ts";
import { emailQuotaView } from "./email_quota_view.ts";
import type { RefreshedQuota } from "./refresh_email_quota.ts";

/** Seconds until a retry while a renewal's payment is outstanding. */
const UNKNOWN_RESET_SECONDS = 3_600;

/** What a sender is told whose send does not fit: the plan that would do, and when to try again. */
export function exceededOutcome(
  { account, catalog, usage }: RefreshedQuota,
  { now, graceDays }: { now: Date; graceDays: number },
): ConsumeEmailQuotaOutcome {
  const quota = emailQuotaView(usage, now);
  const upgrade = nextPlan(catalog, {
    plan: accountEntitlement(account, catalog, { now, graceDays }).plan,
    canBuy: canBuyPlan(account),
    moreThan: { monthlyEmailLimit: usage.limit },
  });
  const waitMs = quota.resetsAt === null ? undefined : quota.resetsAt.getTime() - now.getTime();
  return {
    type: "exceeded",
    quota,
    upgrade: upgrade?.slug ?? null,
    retryAfterSeconds: waitMs === undefined ? UNKNOWN_RESET_SECONDS : Math.ceil(waitMs / 1_000),
  };
}
