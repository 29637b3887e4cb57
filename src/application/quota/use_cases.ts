import type { BillingPorts } from "../ports/billing_ports.ts";
import { CheckLimit } from "./check_limit.ts";
import { ConsumeEmailQuota } from "./consume_email_quota.ts";
import type { StoreFailurePolicy } from "./consume_email_quota_outcome.ts";
import { EmailQuotaCounters } from "./email_quota_counters.ts";
import { ReadEmailPeriods } from "./read_email_periods.ts";
import { ReadUsage } from "./read_usage.ts";
import type { QuotaSource } from "./refresh_email_quota.ts";
import { ReleaseEmailQuota } from "./release_email_quota.ts";
import { UncountedEmails } from "./uncounted_emails.ts";

/** The use cases that count e-mails against the monthly quota. */
export function quotaUseCases(
  ports: Pick<BillingPorts, "usage" | "clock" | "announce"> & {
    readonly currentEmailQuota: QuotaSource;
  },
  settings: { graceDays: number; quotaWhenStoreFails: StoreFailurePolicy },
) {
  const counters = new EmailQuotaCounters();
  const uncounted = new UncountedEmails({ ...ports, counters });
  const dependencies = { ...ports, uncounted, counters };
  return {
    consumeEmailQuota: new ConsumeEmailQuota(dependencies, settings),
    releaseEmailQuota: new ReleaseEmailQuota(dependencies),
    readEmailPeriods: new ReadEmailPeriods(dependencies),
    readUsage: new ReadUsage(dependencies),
    checkLimit: new CheckLimit(ports, settings),
  };
}

/** The use cases of the e-mail quota. */
export type QuotaUseCases = ReturnType<typeof quotaUseCases>;
