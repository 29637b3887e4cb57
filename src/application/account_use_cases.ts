import type { ListAuditEntries } from "./audit/list_audit_entries.ts";
import type { CheckReadiness } from "./installation/check_readiness.ts";
import type { ReadSubscription } from "./subscription/read_subscription.ts";
import type { SyncSubscription } from "./subscription/sync_subscription.ts";
import type { GrantMonthlyTokens } from "./tokens/grant_monthly_tokens.ts";
import type { SyncTokenPacks } from "./tokens/sync_token_packs.ts";

/** What keeps tenants' accounts true, and shows them. */
export interface AccountUseCases {
  readonly syncSubscription: SyncSubscription;
  readonly syncTokenPacks: SyncTokenPacks;
  readonly grantMonthlyTokens: GrantMonthlyTokens;
  readonly readSubscription: ReadSubscription;
  readonly listAuditEntries: ListAuditEntries;
  readonly checkReadiness: CheckReadiness;
}
