import {
  type EmailUsage,
  type QuotaStatus,
  quotaResetsAt,
  quotaStatus,
} from "../../domain/quota/email_quota.ts";

/** A tenant's use of its quota, for display. */
export interface EmailQuotaView extends QuotaStatus {
  /** When usage starts again at zero; `null` while a renewal's payment is outstanding (P33). */
  readonly resetsAt: Date | null;
}

/** The view of a record. */
export function emailQuotaView(
  usage: Pick<EmailUsage, "limit" | "used" | "period">,
  now: Date,
): EmailQuotaView {
  const { limit, used, percentage, warning, ceiling } = quotaStatus(usage);
  return { limit, used, percentage, warning, ceiling, resetsAt: quotaResetsAt(usage, now) };
}
