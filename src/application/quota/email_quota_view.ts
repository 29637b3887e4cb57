import {
  type EmailUsage,
  type QuotaStatus,
  quotaResetsAt,
  quotaStatus,
} from "../../domain/quota/email_quota.ts";

/** A tenant's use of its quota, as it is shown. */
export interface EmailQuotaView extends QuotaStatus {
  /** When what is used is forgotten; `null` while that waits for the renewal's payment (P33). */
  readonly resetsAt: Date | null;
}

/** The view of a record. */
export function emailQuotaView(usage: EmailUsage, now: Date): EmailQuotaView {
  return { ...quotaStatus(usage), resetsAt: quotaResetsAt(usage, now) };
}
