import { type EmailUsage, quotaPercentage } from "../../domain/quota/email_quota.ts";
import type { KeyedCount } from "../ports/quota/email_usage_store.ts";
import type { ConsumeEmailQuotaOutcome, CountedEmails } from "./consume_email_quota_outcome.ts";
import { emailQuotaView } from "./email_quota_view.ts";

/** The outcome of a send that was counted, now or (`repeated`) before. */
export function countedOutcome(
  usage: Pick<EmailUsage, "limit" | "used" | "period">,
  { now, repeated }: { now: Date; repeated: boolean },
): CountedEmails {
  const periodStart = usage.period.start;
  return { type: "counted", quota: emailQuotaView(usage, now), repeated, periodStart };
}

/** The outcome of counting under a key; `undefined` when nothing was counted under it. */
export function keyedOutcome(keyed: KeyedCount, now: Date): ConsumeEmailQuotaOutcome | undefined {
  switch (keyed.type) {
    case "counted":
    case "repeated":
      return countedOutcome(keyed.usage, { now, repeated: keyed.type === "repeated" });
    case "key_conflict":
    case "key_released":
      return keyed;
    case "not_counted":
      return undefined;
    default:
      return keyed satisfies never;
  }
}

/** Whether a send took the tenant's use to another percent of its limit. */
export function hasPassedPercent({ quota }: CountedEmails, count: number): boolean {
  const { limit, used, percentage } = quota;
  return percentage !== quotaPercentage({ limit, used: Math.max(0, used - count) });
}
