import type { ConsumeEmailQuota } from "./quota/consume_email_quota.ts";
import type { ReadUsage } from "./quota/read_usage.ts";
import type { RefreshEmailQuota } from "./quota/refresh_email_quota.ts";
import type { ReleaseEmailQuota } from "./quota/release_email_quota.ts";

/** What can be done with the e-mail quota. */
export interface EmailQuotaUseCases {
  readonly consumeEmailQuota: ConsumeEmailQuota;
  readonly releaseEmailQuota: ReleaseEmailQuota;
  readonly readUsage: ReadUsage;
  readonly refreshEmailQuota: RefreshEmailQuota;
}
